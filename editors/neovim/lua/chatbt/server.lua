-- The language server: how it is started, found and started again.
local options = require("chatbt.options")

local M = {}

local NAME = "chatbt"
local HAS_ENABLE = vim.fn.has("nvim-0.11") == 1
local MOST_CRASHES = 5
local PATIENCE_MS = 3000

local crashes = 0
local is_restarting = false
local is_enabled = false

local function say(message, level)
  vim.notify("ChatBT: " .. message, level or vim.log.levels.WARN)
end

local function counting(code, signal)
  if code == 0 or is_restarting then
    return
  end
  crashes = crashes + 1
  if crashes == MOST_CRASHES then
    vim.schedule(function()
      M.disable()
      say(("the server has ended %d times, at last with %d; it is not started again before :ChatBT restart. "
        .. "`:ChatBT log` may say why."):format(crashes, signal ~= 0 and signal or code), vim.log.levels.ERROR)
    end)
  end
end

--- The configuration of the client.
---@return table
function M.config()
  local now = options.current
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  capabilities.experimental = { chatbt = { status = true, answers = true, rewrites = true } }
  local answers = function(command, context)
    require("chatbt.answers").want(vim.lsp.get_client_by_id(context.client_id), command.command, command.arguments)
  end
  local rewrites = function(command, context)
    require("chatbt.rewrites").want(vim.lsp.get_client_by_id(context.client_id), command.arguments)
  end
  return {
    cmd = now.cmd,
    filetypes = { "python" },
    root_markers = now.root_markers,
    capabilities = capabilities,
    settings = { chatbt = now.settings },
    init_options = { userSettings = { engine = next(now.engine) and now.engine or nil } },
    handlers = {
      ["chatbt/status"] = function(_, told) require("chatbt.status").heard(told) end,
      ["chatbt/answer"] = function(_, told) require("chatbt.answers").heard(told) end,
      ["chatbt/rewrite"] = function() end, -- it is the command's result as well
    },
    commands = {
      ["chatbt.explain"] = answers,
      ["chatbt.ask"] = answers,
      ["chatbt.review"] = answers,
      ["chatbt.rewrite"] = rewrites,
    },
    on_exit = counting,
  }
end

local function python_buffers()
  return vim.iter(vim.api.nvim_list_bufs()):filter(function(buffer)
    return vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype == "python" and vim.bo[buffer].buftype == ""
  end)
end

local function start(buffer)
  local now = HAS_ENABLE and vim.deepcopy(vim.lsp.config[NAME]) or M.config()
  now.name = NAME
  now.root_dir = vim.fs.root(buffer, now.root_markers) or vim.fn.getcwd()
  vim.lsp.start(now, { bufnr = buffer })
end

local function begin()
  if HAS_ENABLE then
    vim.lsp.enable(NAME) -- as lsp/chatbt.lua has it, and the user's `vim.lsp.config`
  else
    local group = vim.api.nvim_create_augroup(NAME, {})
    local serve = function(event) start(event.buf) end
    vim.api.nvim_create_autocmd("FileType", { group = group, pattern = "python", callback = serve })
  end
  if not HAS_ENABLE or vim.v.vim_did_enter == 0 then -- `vim.lsp.enable` looks at no file of the command line
    python_buffers():each(start)
  end
end

--- Serve the Python files that are open and those to come.
function M.enable()
  local program = options.current.cmd[1]
  if is_enabled then
    return
  elseif vim.fn.executable(program) == 0 then
    say(("`%s` is no program here, so there is no server: `pip install chatbt`, or name it with "
      .. "setup{ cmd = … }; then :ChatBT restart"):format(program), vim.log.levels.ERROR)
    return
  end
  is_enabled = true
  begin()
end

--- Serve no file that is opened from now on.
function M.disable()
  is_enabled = false
  if HAS_ENABLE then
    vim.lsp.enable(NAME, false)
  else
    vim.api.nvim_create_augroup(NAME, {})
  end
end

--- The client of a buffer, or else any.
---@param buffer? integer
---@return vim.lsp.Client?
function M.client(buffer)
  return vim.lsp.get_clients({ name = NAME, bufnr = buffer or 0 })[1] or vim.lsp.get_clients({ name = NAME })[1]
end

--- Call a client's method as this Neovim wants it.
---@param client vim.lsp.Client
---@param method string
function M.call(client, method, ...)
  if HAS_ENABLE then
    return client[method](client, ...)
  end
  return client[method](...)
end

--- End the server and start it again, one at a time.
function M.restart()
  if is_restarting then
    return
  end
  is_restarting = true
  local clients = vim.lsp.get_clients({ name = NAME })
  M.disable()
  vim.iter(clients):each(function(client) M.call(client, "stop") end)
  local started = vim.uv.now()
  local function look()
    local is_late = vim.uv.now() - started > PATIENCE_MS
    local alive = vim.iter(clients):filter(function(client) return not client.rpc.is_closing() end):totable()
    if #alive > 0 and not is_late then
      vim.defer_fn(look, 50)
      return
    end
    vim.iter(alive):each(function(client) M.call(client, "stop", true) end)
    is_restarting, crashes = false, 0
    M.enable()
  end
  look()
end

return M
