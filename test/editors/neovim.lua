-- Runs inside Neovim, after the configuration of docs/editors.md: what an author does with a driver, and what must come of it.
-- Knows nothing of the server but what the editor shows. Each test begins in the driver, with one window.

local limit = 60000 -- milliseconds for one condition

local function say(line)
  io.stdout:write(line .. '\n')
end

local first_window = vim.api.nvim_get_current_win()
local driver = vim.api.nvim_get_current_buf()

local function test(name, body)
  vim.api.nvim_set_current_win(first_window)
  vim.cmd('silent! only')
  vim.api.nvim_set_current_buf(driver)
  local passed, problem = pcall(body)
  say(passed and ('ok   ' .. name) or ('FAIL ' .. name .. '\n     ' .. tostring(problem)))
end

--- Waits until `condition` gives something, and gives that.
local function await(what, condition)
  local result
  local came = vim.wait(limit, function()
    result = condition()
    return result
  end, 20)
  assert(came, what .. ' did not come')
  return result
end

local function lines(buffer)
  return vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false)
end

--- The line (from 1) and the column (from 0) of a text in the current buffer.
local function place_of(text)
  for number, line in ipairs(lines()) do
    local column = line:find(text, 1, true)
    if column then
      return { number, column - 1 }
    end
  end
  error('there is no ' .. text .. ' in the buffer')
end

local function finding(rule)
  for _, each in ipairs(vim.diagnostic.get(0)) do
    if each.code == rule then
      return each
    end
  end
end

--- The text of the windows besides the first one, floating ones included.
local function other_text()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if window ~= first_window then
      return table.concat(lines(vim.api.nvim_win_get_buf(window)), '\n')
    end
  end
end

--- Picks the code action whose title begins with `title`.
local function choose(title)
  local shown
  vim.ui.select = function(items, options, on_choice)
    shown = vim.tbl_map(options.format_item, items)
    for index, each in ipairs(shown) do
      if each:find(title, 1, true) == 1 then
        return on_choice(items[index], index)
      end
    end
    error('there is no "' .. title .. '" among: ' .. table.concat(shown, ', '))
  end
  vim.lsp.buf.code_action()
  await('the menu of code actions', function()
    return shown
  end)
end

test('findings appear when a driver is opened', function()
  local mixed = await('the finding', function()
    return finding('mixed-pfnmap-insert-page')
  end)
  local place = place_of('vm_insert_page(vma, vma->vm_end')
  assert(mixed.lnum + 1 == place[1] and mixed.col == place[2], 'the finding stands elsewhere')
  assert(mixed.source == 'driver-mmap' and mixed.severity == vim.diagnostic.severity.ERROR)
  assert(mixed.message:find('.', 1, true), 'the finding says nothing')
end)

test('a hover explains the call under the cursor', function()
  vim.api.nvim_win_set_cursor(0, place_of('io_remap_pfn_range'))
  vim.lsp.buf.hover()
  local text = await('the hover', other_text)
  assert(text:find('io_remap_pfn_range', 1, true), text)
end)

test('an edit brings a finding, and its quick fix takes it away', function()
  local line = place_of('int err;')[1]
  vim.api.nvim_buf_set_lines(0, line, line, false, { '', '\tvma->vm_flags |= VM_DONTEXPAND;' })
  await('the finding of the edit', function()
    return finding('vm-flags-direct-write')
  end)
  vim.api.nvim_win_set_cursor(0, place_of('vm_flags |='))
  choose('Use vm_flags_set()')
  await('the fix', function()
    return lines()[line + 2] == '\tvm_flags_set(vma, VM_DONTEXPAND);'
  end)
  await('the end of the finding', function()
    return not finding('vm-flags-direct-write')
  end)
end)

test('a code action simulates what a finding says', function()
  vim.api.nvim_win_set_cursor(0, place_of('vm_insert_page(vma, vma->vm_end'))
  choose('Simulate')
  local story = await('the story', other_text)
  assert(story:find('^glint_mmap %(file_operations%.mmap%)') and story:find('the kernel stops', 1, true), story)
end)

test('a command simulates the handler under the cursor', function()
  vim.api.nvim_win_set_cursor(0, place_of('unsigned long pfn'))
  vim.cmd('MmapSimulate')
  local story = await('the story', other_text)
  assert(story:find('^glint_mmap %(file_operations%.mmap%)') and story:find('Verdict: problem', 1, true), story)
end)

test('a lens stands over the handler and runs it', function()
  vim.lsp.codelens.refresh()
  local lens = await('the lens', function()
    return vim.lsp.codelens.get(driver)[1]
  end)
  assert(lens.command.title:find('▶ Simulate', 1, true), lens.command.title)
  vim.api.nvim_win_set_cursor(0, { lens.range.start.line + 1, 0 })
  vim.lsp.codelens.run()
  assert(await('the story', other_text):find('glint_mmap', 1, true))
end)

test('another Linux version in the settings is followed at once', function()
  local client = vim.lsp.get_active_clients()[1]
  vim.api.nvim_win_set_cursor(0, place_of('vm_flags_set'))
  assert(not finding('vm-flags-set-old'), 'the newest kernel has vm_flags_set()')
  client.config.settings.driverMmap.kernelVersion = '6.1'
  client.notify('workspace/didChangeConfiguration', { settings = client.config.settings })
  await('the finding of the older kernel', function()
    return finding('vm-flags-set-old')
  end)
end)

test('a check of the workspace finds what is wrong in files that are not open', function()
  vim.fn.writefile({ 'int card_mmap(struct file *file, struct vm_area_struct *vma)', '{', '\tvma->vm_flags = 0;', '\treturn 0;', '}',
    'static const struct file_operations card_fops = { .mmap = card_mmap };' }, 'card.c')
  vim.lsp.get_active_clients()[1].config.settings.driverMmap.kernelVersion = '6.12'
  vim.lsp.get_active_clients()[1].notify('workspace/didChangeConfiguration', { settings = {} })
  vim.cmd('MmapCheckWorkspace')
  await('the finding of the other file', function()
    for _, each in ipairs(vim.diagnostic.get()) do
      if each.code == 'vm-flags-direct-write' and vim.api.nvim_buf_get_name(each.bufnr):find('card.c$') then
        return true
      end
    end
  end)
end)

test('a mistake in a scenario is underlined', function()
  vim.cmd('edit story.mmapsim')
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'opne rw' })
  local mistake = await('the mistake', function()
    return vim.diagnostic.get(0)[1]
  end)
  assert(mistake.message:find('Did you mean `open`', 1, true), mistake.message)
end)

say('done')
vim.cmd('qall!')
