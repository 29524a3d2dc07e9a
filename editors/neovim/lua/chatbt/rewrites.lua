-- A rewrite, shown as a difference in a tab of its own, for the user to accept or to leave.
local server = require("chatbt.server")

local M = {}

local COMMAND = "chatbt.rewrite"

---@type { client: vim.lsp.Client, request?: integer }?
local pending

local function say(message)
  vim.notify("ChatBT: " .. message, vim.log.levels.WARN)
end

--- Show both texts; `a` accepts, `q` leaves the text as it is.
local function show(client, told)
  local buffer = vim.uri_to_bufnr(told.uri)
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  vim.cmd.tabnew()
  local tab = vim.api.nvim_get_current_tabpage()
  vim.bo.bufhidden = "wipe"
  vim.api.nvim_win_set_buf(0, buffer)
  vim.cmd.diffthis()
  local after = vim.api.nvim_create_buf(false, true)
  vim.bo[after].bufhidden = "wipe"
  local text = told.after:gsub("\r", ""):gsub("\n$", "")
  vim.api.nvim_buf_set_lines(after, 0, -1, true, vim.split(text, "\n"))
  vim.bo[after].modifiable = false
  local window = vim.api.nvim_open_win(after, true, { split = "right" })
  vim.bo[after].syntax = "python" -- no file type, which would start servers
  vim.wo[window][0].winbar = "a accepts, q leaves it. %<" .. told.head:gsub("%%", "%%%%")
  vim.cmd.diffthis()

  local function close()
    vim.api.nvim_win_call(vim.api.nvim_tabpage_list_wins(tab)[1], function() vim.cmd("diffoff!") end)
    vim.cmd.tabclose(vim.api.nvim_tabpage_get_number(tab))
  end
  local function accept()
    close()
    if vim.api.nvim_buf_get_changedtick(buffer) ~= tick then
      say("the text has changed since it was rewritten: ask again.")
      return
    end
    vim.lsp.util.apply_workspace_edit(told.edit, client.offset_encoding)
  end
  vim.keymap.set("n", "a", accept, { buffer = after, nowait = true, desc = "Accept the rewrite" })
  vim.keymap.set("n", "q", close, { buffer = after, nowait = true, desc = "Leave the text as it is" })
end

--- Have some code rewritten.
---@param client vim.lsp.Client
---@param arguments any[] the URI, a range and the wish
function M.want(client, arguments)
  M.stop()
  local talk = { client = client }
  pending = talk
  local params = { command = COMMAND, arguments = arguments }
  local _, request = server.call(client, "request", "workspace/executeCommand", params, function(problem, told)
    if pending ~= talk then
      return
    end
    pending = nil
    if problem then
      say(problem.message)
    elseif told and told.edit then
      show(client, told)
    elseif told then
      say("nothing was rewritten: " .. told.refused)
    end
  end)
  talk.request = request
end

--- Want it no longer. False if none is being written.
---@return boolean
function M.stop()
  local talk = pending
  pending = nil
  if talk and talk.request then
    server.call(talk.client, "cancel_request", talk.request)
  end
  return talk ~= nil
end

return M
