// Security keys: from what the server sends to what browsers want, and back. Bytes travel as base64url.
import { base64Of, bytesOf } from '../../lib/base64';
import type { KeyBegun, KeyChallenge, Proof } from '../../api/types';

export function toBase64url(bytes: ArrayBuffer | Uint8Array): string {
  return base64Of(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return bytesOf(text.replace(/-/g, '+').replace(/_/g, '/'));
}

export function keysWorkHere(): boolean {
  return window.isSecureContext && 'PublicKeyCredential' in window;
}

const named = (id: string): PublicKeyCredentialDescriptor => ({ type: 'public-key', id: fromBase64url(id) });

// null: the person cancelled, or no key answered in time.
export async function createKey(begun: KeyBegun): Promise<{ client_data: string; attestation_object: string } | null> {
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: fromBase64url(begun.challenge),
        rp: { id: begun.rp_id, name: begun.rp_name },
        user: { id: fromBase64url(begun.user_id), name: begun.user_name, displayName: begun.user_name },
        pubKeyCredParams: begun.algorithms.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: begun.exclude.map(named),
        authenticatorSelection: { userVerification: 'required', residentKey: 'discouraged' },
        attestation: 'none',
        timeout: begun.timeout_ms,
      },
    }),
  );
  if (!made) return null;
  const response = made.response as AuthenticatorAttestationResponse;
  return { client_data: toBase64url(response.clientDataJSON), attestation_object: toBase64url(response.attestationObject) };
}

export async function signWithKey(challenge: KeyChallenge): Promise<Proof | null> {
  const got = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: fromBase64url(challenge.challenge),
        rpId: challenge.rp_id,
        allowCredentials: challenge.credentials.map(named),
        userVerification: 'required',
        timeout: challenge.timeout_ms,
      },
    }),
  );
  if (!got) return null;
  const response = got.response as AuthenticatorAssertionResponse;
  return {
    kind: 'webauthn',
    credential_id: toBase64url(got.rawId),
    client_data: toBase64url(response.clientDataJSON),
    authenticator_data: toBase64url(response.authenticatorData),
    signature: toBase64url(response.signature),
  };
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    return (await ask()) as PublicKeyCredential | null;
  } catch (error) {
    if (error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError' || error.name === 'InvalidStateError'))
      return null;
    throw error;
  }
}
