-- One visit of an editor, without a screen: diagnostics, hover and quick fix at the finding named by CHATBT_CODE.
local visiting = dofile(vim.env.CHATBT_TESTS .. "/visiting.lua")
local await, float_text = visiting.await, visiting.float_text

local function diagnostics()
  local found = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, { code = d.code, line = d.lnum, column = d.col, end_line = d.end_lnum, end_column = d.end_col,
      message = d.message, source = d.source, severity = d.severity })
  end
  return found
end

local function with_code(found, code)
  return vim.tbl_filter(function(d) return d.code == code end, found)[1]
end

visiting.go(function(report)
  local code = vim.env.CHATBT_CODE
  await("a client attached", function() return visiting.client() ~= nil end)
  await("the diagnostic " .. code, function() return with_code(diagnostics(), code) ~= nil end)
  report.encoding = visiting.client().offset_encoding
  report.before = diagnostics()

  local finding = with_code(report.before, code)
  vim.api.nvim_win_set_cursor(0, { finding.line + 1, finding.column })
  vim.lsp.buf.hover()
  await("a hover window", function() return float_text() ~= nil end)
  report.hover = float_text()

  report.actions = {}
  local unchanged = vim.api.nvim_buf_get_changedtick(0)
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      table.insert(report.actions, { title = action.title, kind = action.kind, preferred = action.isPreferred or false })
      return action.kind == "quickfix" and action.isPreferred == true
    end,
  })
  await("the quick fix in the text", function() return vim.api.nvim_buf_get_changedtick(0) ~= unchanged end)
  await("the diagnostic gone", function() return with_code(diagnostics(), code) == nil end)
  report.after = diagnostics()
  report.text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), "\n") .. "\n"
end)
