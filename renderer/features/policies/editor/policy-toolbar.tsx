import { en } from '../../../../shared/text/en.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { StartMenu } from './start-menu.tsx';

const t = en.policies;

export interface PolicyToolbarProps {
  server: string;
  isDirty: boolean;
  /** The policy was saved by someone; else it is what is recommended. */
  isOwn: boolean;
  /** Saving is what makes the policy be enforced. */
  saveEnforces: boolean;
  canSave: boolean;
  canSimulate: boolean;
  saving: boolean;
  simulating: boolean;
  onText(text: string): void;
  onDiscard(): void;
  onSimulate(): void;
  onSave(): void;
}

/** What can be done with the text. Stays in sight while what it would have done is read. */
export function PolicyToolbar(props: PolicyToolbarProps) {
  return (
    <div className="sticky top-0 z-10 flex min-h-9 flex-wrap items-center gap-2 bg-ground py-1 min-[1040px]:col-span-2">
      <h2 className="font-medium text-muted">{t.editor}</h2>
      <div className="mr-auto">
        {props.isDirty ? (
          <Badge tone="warn">{t.unsaved}</Badge>
        ) : (
          <Badge tone={props.isOwn ? 'none' : 'info'}>{props.isOwn ? t.inForce : t.recommended}</Badge>
        )}
      </div>
      {props.isDirty && (
        <Button look="quiet" onClick={props.onDiscard}>
          {t.discard}
        </Button>
      )}
      <StartMenu server={props.server} onText={props.onText} />
      <Button
        busy={props.simulating}
        disabled={!props.canSimulate}
        title={t.simulationHint}
        onClick={props.onSimulate}
      >
        {t.simulate}
      </Button>
      <Button look="primary" busy={props.saving} disabled={!props.canSave} onClick={props.onSave}>
        {props.saveEnforces ? t.saveAndEnforce : t.save}
      </Button>
    </div>
  );
}
