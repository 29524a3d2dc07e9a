-- For `vim.lsp.enable("chatbt")` of Neovim 0.11 and later; `vim.lsp.config("chatbt", { … })` changes it.
return require("chatbt.server").config()
