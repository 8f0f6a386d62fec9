import { z } from 'zod'
import type { Claims } from './types.ts'

// 2020 … 9999: refuses milliseconds, fractions, Infinity and text.
const seconds = z.int().min(1_577_836_800).max(253_402_300_799)
const text = z.string().min(1).max(256)

/** The payload of a license. Unknown claims are none of our business. */
export const claimsSchema = z
  .object({
    customer: text,
    edition: text.optional(),
    jti: text.optional(),
    iss: text.optional(),
    sub: text.optional(),
    aud: z.union([text, z.array(text).max(8)]).optional(),
    iat: seconds,
    nbf: seconds.optional(),
    exp: seconds,
  })
  .refine(({ iat, nbf, exp }) => exp > iat && exp > (nbf ?? 0), {
    message: 'exp must be after iat and nbf',
  })
  .transform(
    (claims): Claims => ({
      customer: claims.customer,
      edition: claims.edition,
      licenseId: claims.jti,
      issuer: claims.iss,
      subject: claims.sub,
      audience: claims.aud === undefined ? undefined : [claims.aud].flat(),
      issuedAt: claims.iat,
      notBefore: claims.nbf,
      expiresAt: claims.exp,
    }),
  )
