-- What an init.lua calls. Everything else is loaded when it is used.
local M = {}

--- Choose options; without it the defaults hold. The server starts with the first Python file.
---@param options? chatbt.Options
function M.setup(options)
  require("chatbt.options").set(options)
  if vim.bo.filetype == "python" then
    require("chatbt.server").enable()
  end
end

--- The state of the model for a statusline; "" as long as there is nothing to tell.
---@return string
function M.statusline()
  local status = package.loaded["chatbt.status"]
  return status and status.line() or ""
end

return M
