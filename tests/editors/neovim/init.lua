-- Neovim with nothing but chatbt; 0.11 brought a new way to configure a client.
vim.diagnostic.config({ virtual_text = true })

local cmd = { vim.env.CHATBT_PYTHON, "-m", "chatbt", "lsp" }

if vim.fn.has("nvim-0.11") == 1 then
  vim.lsp.config("chatbt", { cmd = cmd, filetypes = { "python" }, root_markers = { "pyproject.toml" } })
  vim.lsp.enable("chatbt")
else
  vim.api.nvim_create_autocmd("FileType", {
    pattern = "python",
    callback = function(event)
      vim.lsp.start({ name = "chatbt", cmd = cmd, root_dir = vim.fn.getcwd() }, { bufnr = event.buf })
    end,
  })
end
