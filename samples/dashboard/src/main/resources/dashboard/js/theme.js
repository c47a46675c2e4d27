/** The reader's choice, which is kept; else what the system says. */
const KEY = 'wspool-theme'

const select = document.getElementById('theme')
const root = document.documentElement

/** Calls `changed` whenever colours are others. */
export function offerThemes(changed) {
  select.value = localStorage.getItem(KEY) ?? ''
  apply()
  select.addEventListener('change', () => {
    localStorage.setItem(KEY, select.value)
    apply()
    changed()
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed)
}

function apply() {
  if (select.value) root.dataset.theme = select.value
  else delete root.dataset.theme
}
