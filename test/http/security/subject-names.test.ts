// Subject alternative names of certificates made by OpenSSL.
import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { subjectNames } from '../../../src/http/security/subject-names.js'
import { pem } from '../../support/https.js'

const client = ['prometheus.example', '10.1.2.3', '2001:db8::1', 'ada@example.org', 'spiffe://example.org/prometheus']

test.each([
  ['client', client],
  ['server', ['localhost', '127.0.0.1']],
  ['two-faced', ['evil.example, DNS:prometheus.example']],
  ['authority', []],
])('the certificate %s has its names', (name, names) => {
  expect(subjectNames(new X509Certificate(pem(name)))).toEqual(names)
})
