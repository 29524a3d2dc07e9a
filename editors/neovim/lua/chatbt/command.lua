-- `:ChatBT`: what its first word does.
local M = {}

---@alias chatbt.Call { args: string, bang: boolean, range: integer, line1: integer, line2: integer }

local function say(message)
  vim.notify("ChatBT: " .. message, vim.log.levels.WARN)
end

--- The buffer, its client and its URI; nil, and a message, where there is no server.
local function served()
  local client = vim.lsp.get_clients({ name = "chatbt", bufnr = 0 })[1]
  if not client then
    say("no server looks at this buffer; it must be a Python file. `:checkhealth chatbt` looks for what is wrong.")
    return
  end
  local buffer = vim.api.nvim_get_current_buf()
  return buffer, client, vim.uri_from_bufnr(buffer)
end

---@type table<string, fun(rest: string, call: chatbt.Call)>
local ACTIONS = {}

function ACTIONS.explain()
  local buffer, client, uri = served()
  if client then
    local position, code = require("chatbt.places").finding(buffer, client)
    require("chatbt.answers").want(client, "chatbt.explain", { uri, position, code })
  end
end

function ACTIONS.ask(rest, call)
  local answers = require("chatbt.answers")
  local buffer, client, uri, range
  if answers.is_shown_in(0) then -- a further question, about what was spoken of
    client, uri, range = answers.current.client, vim.NIL, vim.NIL
  else
    buffer, client, uri = served()
  end
  if not client then
    return
  elseif buffer then
    local places = require("chatbt.places")
    range = call.range > 0 and places.lines(buffer, client, call.line1, call.line2) or places.cursor(buffer, client)
  end
  if call.bang then
    answers.conversation = nil
  end
  local function ask(question)
    if question and vim.trim(question) ~= "" then
      answers.want(client, "chatbt.ask", { question, uri, range, answers.conversation }, question)
    end
  end
  if rest ~= "" then
    ask(rest)
  else
    vim.ui.input({ prompt = "Ask ChatBT: " }, ask)
  end
end

function ACTIONS.review()
  local _, client, uri = served()
  if client then
    require("chatbt.answers").want(client, "chatbt.review", { uri })
  end
end

function ACTIONS.rewrite(rest, call)
  local buffer, client, uri = served()
  if not client then
    return
  elseif call.range == 0 then
    say("say which lines: select them, or :%ChatBT rewrite for all.")
    return
  end
  local range = require("chatbt.places").lines(buffer, client, call.line1, call.line2)
  local wish = rest ~= "" and rest or "make this more Pythonic"
  require("chatbt.rewrites").want(client, { uri, range, wish })
end

function ACTIONS.stop()
  local is_answer, is_rewrite = require("chatbt.answers").stop(), require("chatbt.rewrites").stop()
  if not is_answer and not is_rewrite then
    say("there is nothing to stop.")
  end
end

function ACTIONS.status()
  local client = require("chatbt.server").client()
  local status = require("chatbt.status").current
  local model = status and status.message or "nothing is known of the model yet"
  local server = client and ("server %d, %s"):format(client.id, client.root_dir or "no folder") or "no server runs"
  vim.notify(("ChatBT: %s; %s"):format(model, server))
end

function ACTIONS.log()
  local path = require("vim.lsp.log").get_filename()
  vim.cmd.tabedit(vim.fn.fnameescape(path))
  vim.bo.readonly = true
  vim.cmd.normal({ "G", bang = true })
end

function ACTIONS.restart()
  require("chatbt.server").restart()
end

---@return string[]
local function names()
  return vim.fn.sort(vim.tbl_keys(ACTIONS))
end

---@param call chatbt.Call
function M.run(call)
  local name, rest = call.args:match("^%s*(%S*)%s*(.-)%s*$")
  local action = ACTIONS[name == "" and "status" or name]
  if action then
    action(rest, call)
  else
    say(("there is no `%s`; there are %s."):format(name, table.concat(names(), ", ")))
  end
end

--- What the word at the cursor can become; only the first is one of ours.
---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  if not line:match("ChatBT!?%s+%S*$") then
    return {}
  end
  return vim.tbl_filter(function(name) return vim.startswith(name, lead) end, names())
end

return M
