-- How the model is, as the server has told it last.
local M = {}

---@class chatbt.Status
---@field state "off"|"rules"|"asleep"|"loading"|"ready"|"busy"|"degraded"
---@field message string can be shown as it is
---@field percent? integer
---@field queue? integer

---@type chatbt.Status?
M.current = nil

--- Remember what `chatbt/status` says, and have statuslines drawn again.
---@param told chatbt.Status
function M.heard(told)
  M.current = told
  vim.api.nvim_exec_autocmds("User", { pattern = "ChatBTStatus", data = told, modeline = false })
  vim.cmd.redrawstatus({ bang = true })
end

--- A few words, with % kept from the statusline.
---@return string
function M.line()
  local now = M.current
  if not now then
    return ""
  end
  local more = ""
  if now.state == "loading" and now.percent then
    more = (" %d%%%%"):format(now.percent)
  elseif now.state == "busy" and (now.queue or 0) > 1 then
    more = (" %d"):format(now.queue)
  end
  return ("ChatBT %s%s"):format(now.state, more)
end

return M
