-- One visit of an editor, without a screen: diagnostics, hover and quick fix at the finding named by CHATBT_CODE.
-- What was seen is written to CHATBT_REPORT as JSON; the judgement is the test's.
local report = {}

local function await(what, seen)
  if not vim.wait(15000, seen, 20) then
    error("not seen within 15 s: " .. what, 0)
  end
end

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

local function float_text()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, true), "\n")
    end
  end
end

local function visit()
  local code = vim.env.CHATBT_CODE
  await("a client attached", function() return vim.lsp.get_clients({ bufnr = 0 })[1] ~= nil end)
  local client = vim.lsp.get_clients({ bufnr = 0 })[1]
  await("the diagnostic " .. code, function() return with_code(diagnostics(), code) ~= nil end)
  report.encoding = client.offset_encoding
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
end

local well, problem = pcall(visit)
report.problem = problem
vim.fn.writefile({ vim.json.encode(report) }, vim.env.CHATBT_REPORT)
-- An error that leaves a script would leave a headless Neovim waiting for ever.
vim.cmd(well and "qall!" or "cquit 1")
