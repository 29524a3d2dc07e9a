-- The options of setup{}, their defaults and their types.

---@alias chatbt.Window "float"|"split"|"vsplit"

---@class chatbt.Options
---@field cmd? string[] how the server is started
---@field root_markers? string[] what lies in a project's folder
---@field settings? table<string, any> the `chatbt` section, as in pyproject.toml
---@field engine? table<string, any> the `[engine]` table, as in the user's settings.toml
---@field window? chatbt.Window where answers are shown
---@field border? string|string[] of the float
---@field width? number of the float: a part of the screen, or columns
---@field height? number of the float: a part of the screen, or lines

local M = {}

---@type chatbt.Options
local DEFAULTS = {
  cmd = { "chatbt", "lsp" },
  root_markers = { "pyproject.toml", "chatbt.toml", ".git" },
  settings = {},
  engine = {},
  window = "float",
  border = "rounded",
  width = 0.6,
  height = 0.6,
}

local function is_strings(value)
  return vim.islist(value) and #value > 0 and vim.iter(value):all(function(one) return type(one) == "string" end)
end

local function is_size(value)
  return type(value) == "number" and value > 0
end

local function is_window(value)
  return vim.list_contains({ "float", "split", "vsplit" }, value)
end

local function is_border(value)
  return type(value) == "string" or vim.islist(value)
end

local function is_table(value)
  return type(value) == "table"
end

---@type table<string, { [1]: string, [2]: fun(value: any): boolean }>
local TYPES = {
  cmd = { 'a list of strings such as { "chatbt", "lsp" }', is_strings },
  root_markers = { 'a list of strings such as { "pyproject.toml" }', is_strings },
  settings = { "a table such as { hints = true }", is_table },
  engine = { "a table such as { enabled = false }", is_table },
  window = { '"float", "split" or "vsplit"', is_window },
  border = { 'a string such as "rounded", or a list', is_border },
  width = { "a number above 0", is_size },
  height = { "a number above 0", is_size },
}

M.current = vim.deepcopy(DEFAULTS)

---@type string[] what was wrong with the options that were given last
M.complaints = {}

local function shown(value)
  local text = vim.inspect(value, { newline = " ", indent = "" })
  return #text <= 60 and text or text:sub(1, 57) .. "…"
end

--- What is wrong with the options, a line each. The others hold.
---@param given any
---@return string[]
local function faults(given)
  if type(given) ~= "table" then
    return { ("setup takes a table, not %s; the defaults hold"):format(shown(given)) }
  end
  local wrong = {}
  for name, value in vim.spairs(given) do
    local expected = TYPES[name]
    if not expected then
      local known = table.concat(vim.fn.sort(vim.tbl_keys(TYPES)), ", ")
      table.insert(wrong, ("there is no option `%s`; known are %s"):format(name, known))
    elseif not expected[2](value) then
      local kept = shown(DEFAULTS[name])
      table.insert(wrong, ("`%s` is %s; %s is expected. Using %s"):format(name, shown(value), expected[1], kept))
    end
  end
  return wrong
end

--- Let these options hold, and say in one message which of them cannot.
---@param given? chatbt.Options
function M.set(given)
  given = given == nil and {} or given
  M.current = vim.deepcopy(DEFAULTS)
  for name, value in pairs(type(given) == "table" and given or {}) do
    if TYPES[name] and TYPES[name][2](value) then
      M.current[name] = value
    end
  end
  local wrong = faults(given)
  if #wrong > 0 then
    vim.notify("ChatBT setup: " .. table.concat(wrong, "\n  "), vim.log.levels.ERROR)
  end
  M.complaints = wrong
end

return M
