import { make, setText } from './text.js'

const list = document.getElementById('settings')

export function showSettings(settings, credentials) {
  for (const [name, value] of [...Object.entries(settings), ['credentials', `number ${credentials}`]]) {
    const id = `setting-${name}`
    const shown = document.getElementById(id)
    if (shown) setText(shown, value)
    else list.append(make('div', {}, make('dt', {}, name), make('dd', { id }, value)))
  }
}
