-- Neovim with nothing but our plugin.
vim.diagnostic.config({ virtual_text = true })

local here = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h")
vim.opt.runtimepath:prepend(vim.fs.normalize(here .. "/../../../editors/neovim"))
require("chatbt").setup({ cmd = { vim.env.CHATBT_PYTHON, "-m", "chatbt", "lsp" } })
