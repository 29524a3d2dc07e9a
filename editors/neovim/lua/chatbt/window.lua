-- The window in which an answer grows: a float or a split, with Markdown in it.
local options = require("chatbt.options")

---@class chatbt.View
---@field buffer integer
---@field window integer
local View = {}
View.__index = View

local function size(wanted, whole)
  local cells = wanted <= 1 and wanted * whole or wanted
  return math.max(1, math.min(math.floor(cells), whole - 2))
end

local function entitle(window, title)
  if vim.api.nvim_win_get_config(window).relative == "" then
    vim.wo[window][0].winbar = title:gsub("%%", "%%%%")
  elseif options.current.border ~= "none" then
    vim.api.nvim_win_set_config(window, { title = (" %s "):format(title) })
  end
end

local function float(buffer)
  local now = options.current
  local width, height = size(now.width, vim.o.columns), size(now.height, vim.o.lines - vim.o.cmdheight - 1)
  return vim.api.nvim_open_win(buffer, true, {
    relative = "editor",
    row = math.floor((vim.o.lines - height) / 2) - 1,
    col = math.floor((vim.o.columns - width) / 2),
    width = width,
    height = height,
    border = now.border,
  })
end

local function split(buffer)
  return vim.api.nvim_open_win(buffer, true, { split = options.current.window == "vsplit" and "right" or "below" })
end

--- Open it, with the cursor in it. `stop` is called when the user closes it.
---@param title string
---@param stop fun()
---@return chatbt.View
function View.open(title, stop)
  local buffer = vim.api.nvim_create_buf(false, true)
  local window = (options.current.window == "float" and float or split)(buffer)
  vim.bo[buffer].bufhidden = "wipe"
  vim.bo[buffer].filetype = "markdown"
  vim.bo[buffer].modifiable = false
  for name, value in pairs({ wrap = true, linebreak = true, conceallevel = 2, number = false, spell = false }) do
    vim.wo[window][0][name] = value
  end
  entitle(window, title)
  local self = setmetatable({ buffer = buffer, window = window }, View)
  vim.keymap.set("n", "q", function() self:close() end, { buffer = buffer, nowait = true, desc = "Stop and close" })
  vim.api.nvim_create_autocmd("BufWipeout", { buffer = buffer, once = true, callback = stop })
  return self
end

---@return boolean
function View:is_open()
  return vim.api.nvim_buf_is_valid(self.buffer)
end

--- Show all of a text so far. Only the lines that are new are written, and a cursor at the end stays there.
---@param text string
---@param title? string
function View:show(text, title)
  if not self:is_open() then
    return
  end
  local lines = vim.split(text, "\n")
  local before = vim.api.nvim_buf_get_lines(self.buffer, 0, -1, true)
  local same = 0
  while same < #lines and lines[same + 1] == before[same + 1] do
    same = same + 1
  end
  local is_shown = vim.api.nvim_win_is_valid(self.window) and vim.api.nvim_win_get_buf(self.window) == self.buffer
  if is_shown and title then
    entitle(self.window, title)
  end
  local follows = is_shown and #before > 1 and vim.api.nvim_win_get_cursor(self.window)[1] == #before
  vim.bo[self.buffer].modifiable = true
  vim.api.nvim_buf_set_lines(self.buffer, same, -1, true, vim.list_slice(lines, same + 1))
  vim.bo[self.buffer].modifiable = false
  if follows then
    vim.api.nvim_win_set_cursor(self.window, { vim.api.nvim_buf_line_count(self.buffer), 0 })
  end
end

function View:close()
  if self:is_open() then
    vim.api.nvim_buf_delete(self.buffer, { force = true })
  end
end

return View
