/** The program's updates. Where it is gone, the page says so, and tries again until it is back. */
const FIRST_WAIT = 500
const LONGEST_WAIT = 4000

const text = document.getElementById('feed')

/** Calls `opened` with each new connection, after which the program tells all it knows, and `updated` with each update. */
export function follow({ opened, updated }) {
  const url = new URL('updates', location.href)
  url.protocol = url.protocol.replace('http', 'ws')
  let wait = FIRST_WAIT
  let run = null

  function connect() {
    const socket = new WebSocket(url)
    let isFirst = true
    socket.onmessage = (message) => {
      const update = JSON.parse(message.data)
      if (isFirst) {
        say('on', run === null ? 'Connected' : run === update.run ? 'Connected again' : 'Connected again: the program was restarted')
        run = update.run
        opened()
      }
      isFirst = false
      wait = FIRST_WAIT
      updated(update)
    }
    socket.onclose = () => {
      say('off', 'The program does not answer; trying again')
      setTimeout(connect, wait)
      wait = Math.min(wait * 2, LONGEST_WAIT)
    }
  }
  connect()
}

function say(state, what) {
  document.documentElement.dataset.feed = state
  if (text.textContent !== what) text.textContent = what
}
