// Uploads files with tus-js-client, breaking its own connections at given offsets and going on like another session.
// Told as JSON on standard input: { web, endpoint, token, uploads: [{ path, metadata, chunk, atOnce, breaks }] }.
// Says "begun" with the first bytes that are sent, and at the end a line of JSON for each upload: { number, document,
// sessions, retries }.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const told = JSON.parse(readFileSync(0, 'utf8'))
const tus = createRequire(`${told.web}/package.json`)('tus-js-client')

let begun = false

function isWorthRetrying(error) {
  const status = error.originalResponse?.getStatus() ?? 0
  return status < 400 || status >= 500 || status === 409 || status === 423
}

function sent(upload, number) {
  const file = readFileSync(upload.path)
  const breaks = [...upload.breaks]
  let sessions = 0
  let retries = 0
  let url = null
  return new Promise((resolve, reject) => {
    const session = () => {
      sessions += 1
      let over = false
      const one = new tus.Upload(file, {
        endpoint: told.endpoint,
        uploadUrl: url,
        chunkSize: upload.chunk ?? Infinity,
        metadata: upload.metadata,
        headers: { Authorization: `Bearer ${told.token}`, 'Idempotency-Key': `tus-${upload.key}` },
        uploadDataDuringCreation: upload.atOnce,
        retryDelays: Array(3000).fill(100),
        onShouldRetry: (error) => {
          retries += 1
          return isWorthRetrying(error)
        },
        onUploadUrlAvailable: () => {
          url = one.url
        },
        onProgress: (bytes) => {
          if (!begun && bytes > 0) {
            begun = true
            console.log('begun')
          }
          if (over || breaks.length === 0 || bytes < breaks[0]) return
          over = true
          breaks.shift()
          one.abort().then(() => setTimeout(session, 10))
        },
        onSuccess: ({ lastResponse }) => {
          if (!over) resolve({ number, sessions, retries, document: lastResponse.getHeader('Upload-Document') ?? null })
        },
        onError: reject,
      })
      one.start()
    }
    session()
  })
}

const answers = await Promise.all(
  told.uploads.map((upload, number) =>
    sent(upload, number).catch((error) => ({ number, sessions: 0, retries: 0, document: null, error: String(error) })),
  ),
)
for (const answer of answers) console.log(JSON.stringify(answer))
