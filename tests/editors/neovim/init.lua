-- Neovim with nothing but the configuration that we give to users.
vim.diagnostic.config({ virtual_text = true })

local here = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h")
dofile(here .. "/../../../editors/neovim/chatbt.lua")({ cmd = { vim.env.CHATBT_PYTHON, "-m", "chatbt", "lsp" } })
