-- `:checkhealth chatbt`: what keeps the server or the model from working here.
local M = {}

local OLDEST = "0.1.0"
local PATIENCE_MS = 10000

--- What `chatbt` answers; nil and why, if it does not.
---@param arguments string[]
---@return vim.SystemCompleted?, string? why
local function asked(arguments)
  local program = {}
  for _, word in ipairs(require("chatbt.options").current.cmd) do
    if word == "lsp" then
      break
    end
    table.insert(program, word)
  end
  local began, running = pcall(vim.system, vim.list_extend(program, arguments), { text = true })
  if not began then
    return nil, tostring(running)
  end
  local done = running:wait(PATIENCE_MS)
  return done
end

local function editor()
  if vim.fn.has("nvim-0.10") == 1 then
    vim.health.ok(("Neovim %s"):format(vim.version()))
  else
    vim.health.error(("Neovim %s is too old: 0.10 is needed"):format(vim.version()))
  end
  for _, complaint in ipairs(require("chatbt.options").complaints) do
    vim.health.error("setup: " .. complaint)
  end
end

--- Whether there is a server that we can use.
---@return boolean
local function program()
  local cmd = require("chatbt.options").current.cmd
  local path = vim.fn.exepath(cmd[1])
  if path == "" then
    vim.health.error(("`%s` is no program here"):format(cmd[1]), {
      "pip install chatbt, in the environment that Neovim is started from",
      'or name it: require("chatbt").setup{ cmd = { "/path/to/chatbt", "lsp" } }',
    })
    return false
  end
  local done, why = asked({ "--version" })
  local version = done and done.stdout:match("^chatbt (%d+%.%d+%.%d+)")
  if not version then
    local said = why or vim.trim(done.stderr .. done.stdout)
    vim.health.error(("%s does not say its version, so it is not ChatBT or broken: %s"):format(path, said:sub(-500)))
    return false
  elseif vim.version.lt(version, OLDEST) then
    vim.health.error(("%s is ChatBT %s; %s is needed"):format(path, version, OLDEST), { "pip install -U chatbt" })
    return false
  end
  vim.health.ok(("ChatBT %s: %s"):format(version, path))
  return true
end

local function server()
  local clients = vim.lsp.get_clients({ name = "chatbt" })
  for _, client in ipairs(clients) do
    local buffers = vim.tbl_count(client.attached_buffers)
    vim.health.ok(("server %d serves %d buffer(s) in %s"):format(client.id, buffers, client.root_dir or "no folder"))
  end
  local python = vim.iter(vim.api.nvim_list_bufs()):any(function(buffer)
    return vim.bo[buffer].filetype == "python"
  end)
  if #clients == 0 and python then
    vim.health.error("a Python file is open and no server runs", { ":ChatBT restart", ":ChatBT log says why it ended" })
  elseif #clients == 0 then
    vim.health.info("no server runs; it starts with the first Python file")
  end
end

local function engine()
  local done = asked({ "engine", "status", "--output-format", "json" })
  local well, health = pcall(vim.json.decode, done and done.stdout or "")
  if not well or type(health) ~= "table" then
    vim.health.error("`chatbt engine status` fails: " .. vim.trim(done and done.stderr or ""):sub(-500))
    return
  end
  local reason = health.reason or ""
  if health.state == "failed" then
    vim.health.error("the engine has failed: " .. reason, { "chatbt engine logs", "chatbt engine stop; it starts anew" })
  elseif health.state ~= "off" then
    local more = reason ~= "" and (" (%s)"):format(reason) or ""
    vim.health.ok(("engine %s%s: %s on %s"):format(health.state, more, health.model, health.device))
  elseif reason ~= "" then
    vim.health.warn("there are rules and cards only: " .. reason)
  else
    vim.health.info("no engine runs; it starts with the first question")
  end
  for line in vim.gsplit(vim.trim(done.stderr), "\n", { trimempty = true }) do
    vim.health.warn(line)
  end
end

function M.check()
  vim.health.start("ChatBT")
  editor()
  if program() then
    server()
    engine()
  end
end

return M
