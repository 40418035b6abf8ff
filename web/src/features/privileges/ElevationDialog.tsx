// 「特権を使う」: how long, why, and who it is once more: by a second factor where the person has one, else by the password.
import { useState } from 'react';
import { factors, privileges as api } from '../../api';
import { ApiError } from '../../api/client';
import type { FactorKind } from '../../api/types';
import { FormDialog } from '../../components/Dialog/Dialog';
import { SelectField, TextArea, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import { keysWorkHere, signWithKey } from '../factors/webauthn';
import { useSession } from '../session/session';
import { texts } from './messages';

const usual = 15;
const text = texts.dialog;

// True when the second factor was given.
async function proveBy(kind: FactorKind, code: string): Promise<boolean> {
  if (kind !== 'webauthn') {
    await factors.prove({ kind, code });
    return true;
  }
  const proof = await signWithKey(await factors.challenge());
  if (proof) await factors.prove(proof);
  return proof !== null;
}

export function ElevationDialog({ onBegun, onClose }: { onBegun: () => Promise<void>; onClose: () => void }) {
  const { session } = useSession();
  const { most_minutes: most, by_factor: byFactor, deputy_for: principals } = session.elevation;
  const ways = session.second_factor_kinds.filter((kind) => kind !== 'webauthn' || keysWorkHere());
  const [minutes, setMinutes] = useState(String(Math.min(usual, most)));
  const [reason, setReason] = useState('');
  const [password, setPassword] = useState('');
  const [way, setWay] = useState<FactorKind | null>(ways[0] ?? null);
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const [cancelled, setCancelled] = useState(false);
  // A factor that was given opens one elevation, also when the first try failed for another reason.
  const [proved, setProved] = useState(false);
  const { busy, error, run } = useAction();

  const count = Number(minutes);
  const wrongTime = !Number.isInteger(count) || count < 1 || count > most;
  const shortReason = [...reason.trim()].length < 5;
  const needsCode = byFactor && !proved && (way === 'totp' || way === 'recovery');
  const missingCode = needsCode && code.trim() === '';
  const missingPassword = !byFactor && password === '';
  const submit = () => {
    setTried(true);
    setCancelled(false);
    if (wrongTime || shortReason || missingCode || missingPassword || (byFactor && way === null)) return;
    void run(async () => {
      if (byFactor && !proved && way !== null) {
        const given = await proveBy(way, code);
        setCode('');
        setProved(given);
        setCancelled(!given);
        if (!given) return;
      }
      try {
        await api.begin({ minutes: count, reason: reason.trim(), ...(byFactor ? {} : { password }) });
      } catch (problem) {
        if (problem instanceof ApiError && problem.problem.key === 'factors.again') setProved(false);
        throw problem;
      }
      await onBegun();
    });
  };
  return (
    <FormDialog title={texts.use} submit={text.submit} busy={busy} onSubmit={submit} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      {cancelled && (
        <Notice tone="error" role="alert">
          <p>{text.keyCancelled}</p>
        </Notice>
      )}
      <p>{text.lead}</p>
      {principals.length > 0 && <p>{text.deputy(principals.join('、'))}</p>}
      <TextField
        label={text.time}
        hint={text.timeHint(most)}
        error={tried && wrongTime ? text.timeWrong(most) : undefined}
        value={minutes}
        inputMode="numeric"
        required
        onChange={(event) => setMinutes(event.target.value)}
      />
      <TextArea
        label={text.reason}
        hint={text.reasonHint}
        error={tried && shortReason ? text.reasonShort : undefined}
        value={reason}
        rows={2}
        required
        onChange={(event) => setReason(event.target.value)}
      />
      {!byFactor && (
        <TextField
          label={text.password}
          error={tried && missingPassword ? text.passwordMissing : undefined}
          type="password"
          name="password"
          autoComplete="current-password"
          value={password}
          required
          onChange={(event) => setPassword(event.target.value)}
        />
      )}
      {byFactor && way === null && (
        <Notice tone="warning">
          <p>{text.noWay}</p>
        </Notice>
      )}
      {byFactor && !proved && ways.length > 1 && (
        <SelectField label={text.way} value={way ?? ''} onChange={(event) => setWay(ways.find((kind) => kind === event.target.value) ?? null)}>
          {ways.map((kind) => (
            <option key={kind} value={kind}>
              {text.ways[kind]}
            </option>
          ))}
        </SelectField>
      )}
      {needsCode && (
        <TextField
          label={way === 'totp' ? text.code : text.recovery}
          hint={way === 'totp' ? text.codeHint : undefined}
          error={tried && missingCode ? text.codeMissing : undefined}
          value={code}
          inputMode={way === 'totp' ? 'numeric' : 'text'}
          autoComplete={way === 'totp' ? 'one-time-code' : 'off'}
          autoCapitalize="none"
          spellCheck={false}
          required
          onChange={(event) => setCode(event.target.value)}
        />
      )}
      {byFactor && !proved && way === 'webauthn' && <p>{text.key}</p>}
    </FormDialog>
  );
}
