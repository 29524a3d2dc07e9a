-- ChatBT in Neovim 0.10 and later, with nothing else: `dofile` this from your init.lua, or copy it.
--
--   dofile("/path/to/chatbt.lua")({ cmd = { "chatbt", "lsp" } })
--
-- `cmd` is how the server is started; the default takes `chatbt` from the PATH.
return function(options)
  local cmd = options and options.cmd or { "chatbt", "lsp" }
  local markers = { "pyproject.toml", "chatbt.toml", ".git" }

  -- 0.11 brought a new way to configure a client.
  if vim.fn.has("nvim-0.11") == 1 then
    vim.lsp.config("chatbt", { cmd = cmd, filetypes = { "python" }, root_markers = markers })
    vim.lsp.enable("chatbt")
    return
  end
  vim.api.nvim_create_autocmd("FileType", {
    pattern = "python",
    callback = function(event)
      local root = vim.fs.root(event.buf, markers) or vim.fn.getcwd()
      vim.lsp.start({ name = "chatbt", cmd = cmd, root_dir = root }, { bufnr = event.buf })
    end,
  })
end
