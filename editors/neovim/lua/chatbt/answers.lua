-- What is asked of the model, one thing at a time, and its answer that grows in a window.
local server = require("chatbt.server")
local View = require("chatbt.window")

local M = {}

---@class chatbt.Talk
---@field token string of its progress, by which the answer is known
---@field client vim.lsp.Client
---@field request? integer
---@field view chatbt.View
---@field text string
---@field is_over boolean

local STOPPED = "*Stopped.*"
local count = 0

---@type chatbt.Talk?
M.current = nil

---@type string? the conversation that the next question goes on with
M.conversation = nil

local TITLES = { ["chatbt.explain"] = "Explanation", ["chatbt.ask"] = "Answer", ["chatbt.review"] = "Review" }

local function with_note(text, note)
  return note and note ~= "" and ("%s\n\n*%s*"):format(text, note) or text
end

local function finish(talk, told)
  talk.is_over = true
  talk.text = told.text
  M.conversation = told.conversation or M.conversation
  talk.view:show(with_note(told.text, told.note), told.title)
end

--- Have the server carry out one of the commands that answer, and show what it says.
---@param client vim.lsp.Client
---@param command string
---@param arguments any[]
---@param title? string
function M.want(client, command, arguments, title)
  if M.current then
    M.stop()
    M.current.view:close()
  end
  count = count + 1
  ---@type chatbt.Talk
  local talk = { client = client, text = "", is_over = false }
  talk.token = ("neovim:%d:%d"):format(vim.uv.os_getpid(), count)
  talk.view = View.open(title or TITLES[command], function() M.stop(talk) end)
  talk.view:show("…")
  M.current = talk
  local params = { command = command, arguments = arguments, workDoneToken = talk.token }
  local _, request = server.call(client, "request", "workspace/executeCommand", params, function(problem, told)
    if talk.is_over then
      return
    elseif problem then
      talk.is_over = true
      talk.view:close()
      vim.notify("ChatBT: " .. problem.message, vim.log.levels.WARN)
    elseif told then
      finish(talk, told)
    end
  end)
  talk.request = request
end

--- Whether a window shows our answer.
---@param window integer
---@return boolean
function M.is_shown_in(window)
  return M.current ~= nil and M.current.view.buffer == vim.api.nvim_win_get_buf(window)
end

--- Show what `chatbt/answer` says, if it is still wanted.
---@param told table
function M.heard(told)
  local talk = M.current
  if not talk or talk.is_over or told.token ~= talk.token then
    return
  elseif told.final then
    finish(talk, told)
  else
    talk.text = told.text
    M.conversation = told.conversation or M.conversation
    talk.view:show(told.text, told.title)
  end
end

--- End the answer that grows; what there is of it stays. False if there is none.
---@param talk? chatbt.Talk
---@return boolean
function M.stop(talk)
  talk = talk or M.current
  if not talk or talk.is_over then
    return false
  end
  talk.is_over = true
  if talk.request then
    server.call(talk.client, "cancel_request", talk.request)
  end
  talk.view:show(talk.text == "" and STOPPED or ("%s\n\n%s"):format(talk.text, STOPPED))
  return true
end

return M
