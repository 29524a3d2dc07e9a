-- Places in a buffer, as the server counts them.
local M = {}

--- Not by `vim.lsp.util`: that of Neovim 0.10 is wrong behind letters of several bytes.
---@param buffer integer
---@param client vim.lsp.Client
---@param place { [1]: integer, [2]: integer } a line from 1, and a byte from 0
---@return lsp.Position
local function position(buffer, client, place)
  local line = vim.api.nvim_buf_get_lines(buffer, place[1] - 1, place[1], true)[1]
  local utf8 = math.min(place[2], #line)
  local utf32, utf16 = vim.str_utfindex(line, utf8)
  local columns = { ["utf-8"] = utf8, ["utf-16"] = utf16, ["utf-32"] = utf32 }
  return { line = place[1] - 1, character = columns[client.offset_encoding] }
end

--- The place of the cursor, as an empty range.
---@param buffer integer
---@param client vim.lsp.Client
---@return lsp.Range
function M.cursor(buffer, client)
  local at = position(buffer, client, vim.api.nvim_win_get_cursor(0))
  return { start = at, ["end"] = at }
end

--- The whole of some lines, which count from 1.
---@param buffer integer
---@param client vim.lsp.Client
---@param first integer
---@param last integer
---@return lsp.Range
function M.lines(buffer, client, first, last)
  return { start = position(buffer, client, { first, 0 }), ["end"] = position(buffer, client, { last, math.huge }) }
end

--- The finding that the cursor is on, or else the first of its line; and the cursor if there is none.
---@param buffer integer
---@param client vim.lsp.Client
---@return lsp.Position, string? code
function M.finding(buffer, client)
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  local found = vim.iter(vim.diagnostic.get(buffer, { lnum = line - 1 })):filter(function(one)
    return one.source == "chatbt"
  end):totable()
  table.sort(found, function(one, other) return one.col < other.col end)
  local under = vim.iter(found):find(function(one)
    return one.col <= column and (one.end_lnum > one.lnum or column < one.end_col)
  end)
  local finding = under or found[1]
  local place = finding and { finding.lnum + 1, finding.col } or { line, column }
  return position(buffer, client, place), finding and finding.code
end

return M
