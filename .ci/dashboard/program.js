// The program as a process of its own, and how it ends.
'use strict'
const { spawn } = require('node:child_process')
const { once } = require('node:events')
const readline = require('node:readline')

const MAIN = 'dev.wspool.samples.dashboard.Main'

function check(holds, what) {
  if (!holds) throw new Error(what)
}

class Program {
  constructor(port) {
    const java = ['-cp', process.env.DASHBOARD_CLASSPATH, MAIN, '--port', String(port)]
    this.process = spawn('java', java, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.said = ''
    this.process.stderr.setEncoding('utf8').on('data', (text) => { this.said += text })
    this.end = once(this.process, 'close')
    this.lines = readline.createInterface({ input: this.process.stdout })[Symbol.asyncIterator]()
  }

  /** Waits until it serves its page, and returns the address. */
  async start() {
    const line = (await this.lines.next()).value ?? ''
    const address = /^The dashboard is at (http:\/\/localhost:\d+) /.exec(line)
    check(address, `the program starts: ${line}${this.said}`)
    return address[1]
  }

  /** Ends it as a reader does, by Ctrl-C. */
  async stop() {
    this.process.kill('SIGINT')
    const [status] = await this.end
    check(status === 130 && this.said === '', `Ctrl-C ends it quietly: ${status}\n${this.said}`)
  }

  kill() {
    this.process.kill('SIGKILL')
  }
}

/** A port that is taken is told of in one line. */
async function checkPortTaken(port) {
  const second = new Program(port)
  const [status] = await second.end
  const line = `dashboard: port ${port} is taken by another program: end that, or choose another one with --port\n`
  check(status === 1 && second.said === line, `a port that is taken: ${status}\n${second.said}`)
}

module.exports = { Program, check, checkPortTaken }
