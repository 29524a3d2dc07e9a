-- A visit of an editor that has a model: the plugin as it is loaded, an explanation, an answer that is stopped, faults.
local visiting = dofile(vim.env.CHATBT_TESTS .. "/visiting.lua")
local await = visiting.await

local said = {}
vim.notify = function(message) table.insert(said, message) end

local function is_loaded(name)
  return package.loaded[name] ~= nil
end

local function health()
  vim.cmd("silent checkhealth chatbt")
  local text = visiting.text_of(0)
  vim.cmd("bwipeout!")
  return text
end

local function health_with(options)
  require("chatbt").setup(options)
  return health()
end

local function visit(report)
  local states = {}
  vim.api.nvim_create_autocmd("User", {
    pattern = "ChatBTStatus",
    callback = function(event) table.insert(states, event.data.state) end,
  })

  report.loaded_before = vim.tbl_filter(is_loaded, { "chatbt.server", "chatbt.command", "chatbt.answers", "vim.lsp" })
  report.completed = vim.fn.getcompletion("ChatBT re", "cmdline")
  vim.cmd.edit("greetings.py")
  await("diagnostics", function() return visiting.client() ~= nil and #vim.diagnostic.get(0) > 0 end)
  local answers = require("chatbt.answers")
  local line = tonumber(vim.env.CHATBT_LINE)
  for _, encoding in ipairs({ "utf-8", "utf-16", "utf-32" }) do
    local range = require("chatbt.places").lines(0, { offset_encoding = encoding }, line, line)
    report[encoding] = { range.start.character, range["end"].character }
  end

  -- explained, from the beginning of the line
  vim.api.nvim_win_set_cursor(0, { line, 0 })
  vim.cmd("ChatBT explain")
  report.grown = {}
  await("an explanation", function()
    local text = visiting.float_text()
    if text and text ~= report.grown[#report.grown] then
      table.insert(report.grown, text)
    end
    return answers.current.is_over
  end, 1)
  report.title = visiting.float_title()
  report.explained = visiting.float_text()
  vim.cmd.normal("q")
  report.closed = visiting.float_text() == nil
  await("the engine at rest", function() return states[#states] == "ready" end)
  report.states = states
  report.statusline = require("chatbt").statusline()

  -- stopped while it grows
  vim.cmd("ChatBT! ask Why is a mutable default argument wrong, and what is better?")
  await("the beginning of an answer", function() return answers.current.text ~= "" or answers.current.is_over end, 1)
  report.over_too_soon = answers.current.is_over
  vim.cmd("ChatBT stop")
  report.stopped = visiting.float_text()
  await("the engine at rest", function() return states[#states] == "ready" end)
  vim.wait(200)
  report.stopped_later = visiting.float_text()

  -- asked again where the answer stands
  vim.cmd("ChatBT ask And what is better?")
  await("a further answer", function() return answers.current.is_over end)
  report.further = { visiting.float_title(), answers.current.text }
  vim.cmd.normal("q")

  report.health = health()
  local id = visiting.client().id
  vim.cmd("ChatBT restart")
  vim.cmd("ChatBT restart")
  await("another server", function() return visiting.client() ~= nil and visiting.client().id ~= id end)
  await("its diagnostics", function() return #vim.diagnostic.get(0) > 0 end)
  report.servers = #vim.lsp.get_clients({ name = "chatbt" })

  vim.cmd("$ChatBT rewrite make this more Pythonic")
  await("a difference", function() return vim.wo.diff end)
  report.difference = { visiting.text_of(0), vim.wo.winbar, #vim.api.nvim_tabpage_list_wins(0) }
  vim.cmd.normal("a")
  report.accepted = { visiting.text_of(0), vim.wo.diff, #vim.api.nvim_list_tabpages() }

  report.said = said
  said = {}
  report.no_program = health_with({ cmd = { "no-such-chatbt", "lsp" } })
  report.not_chatbt = health_with({ cmd = { vim.env.CHATBT_PYTHON, "lsp" } })
  vim.env.CHATBT_RUNTIME_DIR, vim.env.CHATBT_ENGINE = vim.env.CHATBT_RUNTIME_DIR .. "/none", "off"
  report.engine_off = health_with({ cmd = { vim.env.CHATBT_PYTHON, "-m", "chatbt", "lsp" } })
  report.wrong_options = health_with({ window = "popup", cmd = "chatbt", colour = 1 })
  report.complaints = said
end

-- Once Neovim has started, as for a person.
vim.schedule(function() visiting.go(visit) end)
