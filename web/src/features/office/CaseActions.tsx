// What the person may do in the case now; what does not go yet says why, and who could do it instead.
import { useState } from 'react';
import type { OfficeAction, OfficeTransition } from '../../api/office';
import { Button } from '../../components/Button/Button';
import type { PartProps } from './CasePage';
import { firstNeeded, signers } from './formModel';
import { officeTexts as t } from './messages';
import { MoveDialog } from './MoveDialog';

export function CaseActions({ one, definition, onChange, onReload }: PartProps) {
  const [doing, setDoing] = useState<OfficeAction | null>(null);
  const all: OfficeTransition[] = [...definition.transitions, ...(definition.regions ?? []).flatMap((region) => region.transitions)];
  const own = new Set(one.actions.map((action) => action.transition));
  // Joint steps that others have begun and this person has no part in.
  const begun = all.filter((step) => step.joint !== null && !own.has(step.key)).map((step) => ({ step, names: signers(one, step.title) }));
  return (
    <section className="section" aria-labelledby="office-next">
      <h2 id="office-next">{t.waitingFor}</h2>
      {one.actions.length === 0 && <p className="empty">{t.noActions}</p>}
      {begun
        .filter(({ names }) => names.length > 0)
        .map(({ step, names }) => (
          <p key={step.key}>{t.jointWaits(step.title, names.map((each) => each.name))}</p>
        ))}
      {one.actions.length > 0 && (
        <ul className="office-steps">
          {one.actions.map((action) => (
            <li key={action.transition} className="office-step">
              <Step
                action={action}
                first={firstNeeded(definition, action)}
                region={one.regions.find((region) => region.region === action.region)?.title ?? ''}
                names={signers(one, action.title).map((each) => each.name)}
                onDo={() => setDoing(action)}
              />
            </li>
          ))}
        </ul>
      )}
      {doing && (
        <MoveDialog
          one={one}
          definition={definition}
          action={doing}
          onClose={() => setDoing(null)}
          onReload={() => {
            setDoing(null);
            onReload();
          }}
          onDone={(next) => {
            setDoing(null);
            onChange(next, t.done(doing.title));
          }}
        />
      )}
    </section>
  );
}

interface StepProps {
  action: OfficeAction;
  first: string[]; // titles of the fields to fill in before
  region: string;
  names: string[];
  onDo: () => void;
}

function Step({ action, first, region, names, onDo }: StepProps) {
  const stands = action.separation !== '';
  const crossable = stands && action.unavoidable && action.others.length === 0;
  // What hinders may be lifted by what the step asks for; then it can be tried.
  const waits = action.hindered !== '' && action.ask.length === 0;
  const open = !waits && first.length === 0 && (!stands || crossable);
  return (
    <>
      <span className="office-step-head">
        {open ? (
          <Button kind={action.danger ? 'danger' : stands ? 'outline' : 'solid'} onClick={onDo}>
            {stands ? t.unavoidableOf(action.title) : action.title}
          </Button>
        ) : (
          <strong>{action.title}</strong>
        )}
        <span className="meta">
          {region !== '' && <span>{region}</span>}
          {action.to !== '' && <span>{t.toState(action.to)}</span>}
          <span>{t.clauses([action.clause])}</span>
        </span>
      </span>
      {action.hindered !== '' && <span>{waits ? t.notYet(action.hindered) : t.hindered(action.hindered)}</span>}
      {first.length > 0 && <span>{t.writeFirst(first)}</span>}
      {stands && !crossable && (
        <span>
          {t.separated(action.separation)}
          {action.others.length > 0 ? t.othersCan(action.others) : t.nobodyElse}
        </span>
      )}
      {action.places > 1 && <span>{t.joint(action.signed_places, action.places)}</span>}
      {action.places > 1 && names.length > 0 && <span>{t.jointBy(names)}</span>}
    </>
  );
}
