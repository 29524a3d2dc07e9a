-- What the visits of an editor share: waiting, looking, and the report that CHATBT_REPORT gets as JSON.
local M = {}

function M.await(what, seen, every)
  if not vim.wait(15000, seen, every or 20) then
    error("not seen within 15 s: " .. what, 0)
  end
end

function M.client()
  return vim.lsp.get_clients({ bufnr = 0, name = "chatbt" })[1]
end

local function float()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      return window
    end
  end
end

function M.text_of(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), "\n")
end

function M.float_text()
  local window = float()
  return window and M.text_of(vim.api.nvim_win_get_buf(window))
end

function M.float_title()
  local window = float()
  return window and vim.api.nvim_win_get_config(window).title[1][1]
end

--- Have `visit` fill a report, and end. The judgement is the test's.
function M.go(visit)
  local report = {}
  local well, problem = pcall(visit, report)
  report.problem = problem
  vim.fn.writefile({ vim.json.encode(report) }, vim.env.CHATBT_REPORT)
  -- An error that leaves a script would leave a headless Neovim waiting for ever.
  vim.cmd(well and "qall!" or "cquit 1")
end

return M
