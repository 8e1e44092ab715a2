-- Drives Neovim as a writer of guides does, with the settings of docs/guidance/editor.md, and tells what came of it.
local out = {}
local function finish()
  vim.fn.writefile({ vim.json.encode(out) }, vim.env.TOLD)
  vim.cmd("qall!")
end
local ok, why = pcall(function()
  local client
  assert(vim.wait(60000, function()
    client = vim.lsp.get_clients({ bufnr = 0, name = "convagent" })[1]
    return client ~= nil and client.initialized
  end, 50), "no server")
  out.root = client.config.root_dir
  local function codes()
    return vim.tbl_map(function(each) return each.code end, vim.diagnostic.get(0))
  end
  local function at(words)
    vim.fn.cursor(1, 1)
    vim.fn.search(words, "c")
    return vim.lsp.util.make_position_params(0, client.offset_encoding)
  end
  local function ask(method, params)
    local found = client:request_sync(method, params, 60000, 0)
    assert(found and not found.err, method .. vim.inspect(found))
    return found.result
  end
  out.before = codes()
  out.hover = ask("textDocument/hover", at("status is")).contents.value
  out.definition = ask("textDocument/definition", at("Cancel an order"))
  local line = vim.fn.search("do cancel_order")
  vim.fn.setline(line, "1. do cancle_order with order = order.id")
  assert(vim.wait(60000, function() return #codes() > 0 end, 50), "no findings")
  out.after = codes()
  vim.fn.setline(line, "1. do ")
  vim.fn.cursor(line, 7)
  local params = { textDocument = vim.lsp.util.make_text_document_params(0), position = { line = line - 1, character = 6 } }
  local found = ask("textDocument/completion", params)
  out.completion = vim.tbl_map(function(each) return each.label end, found.items or found)
  vim.fn.setline(line, "1. do   cancel_order   with order = order.id")
  vim.lsp.buf.format({ timeout_ms = 60000 })
  out.formatted = vim.fn.getline(line)
end)
if not ok then out.error = tostring(why) end
finish()
