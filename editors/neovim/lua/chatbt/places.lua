-- Places in a buffer, as the server counts them.
local M = {}

---@param buffer integer
---@param client vim.lsp.Client
---@param from { [1]: integer, [2]: integer } a line from 1, and a byte from 0
---@param to { [1]: integer, [2]: integer }
---@return lsp.Range
function M.range(buffer, client, from, to)
  local shift = vim.o.selection == "exclusive" and 0 or 1 -- the helper means by `to` the last character that is in it
  local made = vim.lsp.util.make_given_range_params(from, { to[1], to[2] - shift }, buffer, client.offset_encoding)
  return made.range
end

--- The whole of some lines, which count from 1.
---@param buffer integer
---@param client vim.lsp.Client
---@param first integer
---@param last integer
---@return lsp.Range
function M.lines(buffer, client, first, last)
  local text = vim.api.nvim_buf_get_lines(buffer, last - 1, last, true)[1]
  return M.range(buffer, client, { first, 0 }, { last, #text })
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
  return M.range(buffer, client, place, place).start, finding and finding.code
end

return M
