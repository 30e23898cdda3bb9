// @module-tag slow
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { Segmented } from '../../renderer/ui/segmented.tsx';

const CHOICES = (['allow', 'ask', 'deny'] as const).map((value) => ({ value, label: value }));
type Value = 'allow' | 'ask' | 'deny';

interface OwnerProps {
  first: Value | null;
  disabled: boolean;
  onChoose(value: Value): void;
}
function Owner({ first, disabled, onChoose }: OwnerProps) {
  const [value, setValue] = useState(first);
  const onChange = (next: Value): void => {
    onChoose(next);
    setValue(next);
  };
  return (
    <>
      <button type="button">before</button>
      <Segmented label="Rule" value={value} choices={CHOICES} onChange={onChange} disabled={disabled} />
      <button type="button">after</button>
    </>
  );
}

function show(first: Value | null, disabled = false) {
  const chosen = vi.fn<(value: Value) => void>();
  render(<Owner first={first} disabled={disabled} onChoose={chosen} />);
  return { user: userEvent.setup(), chosen, button: (name: string) => screen.getByRole('button', { name }) };
}

describe('one of a few', () => {
  it('is a named group with one pressed button', async () => {
    const { user, chosen, button } = show('ask');
    expect(screen.getByRole('group', { name: 'Rule' })).toBeVisible();
    expect(['allow', 'ask', 'deny'].map((name) => button(name).getAttribute('aria-pressed'))).toEqual([
      'false',
      'true',
      'false',
    ]);
    await user.click(button('ask'));
    expect(chosen).not.toHaveBeenCalled();
    await user.click(button('deny'));
    expect(chosen.mock.calls).toEqual([['deny']]);
    expect(button('deny')).toHaveAttribute('aria-pressed', 'true');
  });

  it('is one tab stop, at what is chosen, also after the focus moved and in both directions', async () => {
    const { user, button } = show('ask');
    await user.click(button('before'));
    await user.tab();
    expect(button('ask')).toHaveFocus();
    await user.keyboard('{ArrowLeft}');
    expect(button('allow')).toHaveFocus();
    await user.tab();
    expect(button('after')).toHaveFocus();
    await user.tab({ shift: true });
    expect(button('ask')).toHaveFocus();
    await user.keyboard('{ArrowRight}');
    await user.tab({ shift: true });
    expect(button('before')).toHaveFocus();
  });

  it('moves with arrows, Home and End, and chooses with Enter or Space only', async () => {
    const { user, chosen, button } = show(null);
    await user.click(button('before'));
    await user.tab();
    expect(button('allow')).toHaveFocus();
    await user.keyboard('{ArrowUp}');
    expect(button('deny')).toHaveFocus();
    await user.keyboard('{ArrowDown}{End}{Home}{ArrowRight}');
    expect(button('ask')).toHaveFocus();
    expect(chosen).not.toHaveBeenCalled();
    await user.keyboard(' {ArrowRight}{Enter}');
    expect(chosen.mock.calls).toEqual([['ask'], ['deny']]);
  });

  it('takes nothing while it is disabled', async () => {
    const { user, chosen, button } = show('allow', true);
    await user.click(button('deny'));
    expect(chosen).not.toHaveBeenCalled();
    expect(button('deny')).toBeDisabled();
  });
});
