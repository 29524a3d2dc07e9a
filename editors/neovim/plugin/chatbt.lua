-- `:ChatBT`, and the server for the first Python file. Nothing else is loaded before one of them is wanted.
if vim.g.loaded_chatbt then
  return
end
vim.g.loaded_chatbt = true

vim.api.nvim_create_user_command("ChatBT", function(call)
  require("chatbt.command").run(call)
end, {
  nargs = "*",
  range = true,
  bang = true,
  desc = "Explain, ask, review; the server's state, log and restart",
  complete = function(lead, line)
    return require("chatbt.command").complete(lead, line)
  end,
})

vim.api.nvim_create_autocmd("FileType", {
  pattern = "python",
  once = true,
  desc = "Start ChatBT",
  callback = function()
    require("chatbt.server").enable()
  end,
})
