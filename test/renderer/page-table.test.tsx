// @module-tag slow
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { APPROVALS_KEY, keysTo, PAGES, partsOf, ROUTES } from '../../renderer/app/pages.tsx';
import { paletteCommands } from '../../renderer/app/palette-commands.ts';
import { en } from '../../shared/text/en.ts';
import { createUiCore } from '../fakes/ui/ui-core.ts';
import { renderApp } from './render-app.tsx';

const NO_TARGETS = {
  navigate: () => undefined,
  setMode: async () => undefined,
  scan: () => undefined,
  showApprovals: () => undefined,
};

describe('the table of pages', () => {
  it('gives each page a key and addresses that no other has', () => {
    const keys = [...PAGES.map(({ key }) => key), APPROVALS_KEY];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => key === key.toLowerCase() && key.length === 1)).toBe(true);
    const paths = ROUTES.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('is what the palette offers', () => {
    const commands = paletteCommands(createUiCore('routed').state, NO_TARGETS);
    for (const { path, label, key } of PAGES)
      expect(commands.find(({ id }) => id === `go:${path}`)).toMatchObject({
        label: `Go to ${label}`,
        keys: keysTo(key),
      });
  });

  it('is what the navigation shows, and marks the page that is open below its own address too', async () => {
    renderApp(createUiCore('routed'), '/servers/filesystem');
    await screen.findByRole('heading', { name: 'filesystem' });
    const links = within(screen.getByRole('navigation', { name: en.app.navigation })).getAllByRole('link');
    expect(links.map((link) => link.getAttribute('href'))).toEqual(
      PAGES.filter(({ inNavigation }) => inNavigation).map(({ path }) => `#${path}`),
    );
    expect(links.filter((link) => link.getAttribute('aria-current') === 'page')).toEqual([links[1]]);
  });

  it.each(PAGES.map(({ label, key }) => ({ label, key })))(
    'goes to $label with its key',
    async ({ label, key }) => {
      const { user } = renderApp(createUiCore('routed'), '/nowhere');
      await screen.findByText(en.app.notFound.title);
      await user.keyboard(`g${key}`);
      expect(await screen.findByRole('heading', { level: 1, name: label })).toBeVisible();
    },
  );

  it('is what the help of the keys names', async () => {
    renderApp(createUiCore('routed'), '/settings');
    for (const { key, label } of PAGES)
      expect((await screen.findByText(keysTo(key))).closest('div')).toHaveTextContent(`Go to ${label}`);
    expect(screen.getByText(keysTo(APPROVALS_KEY))).toBeVisible();
  });

  it('keeps the state of a page from one of its addresses to another', async () => {
    const { user } = renderApp(createUiCore('routed'), '/servers');
    await user.type(await screen.findByLabelText('Filter servers'), 'file');
    await user.click(screen.getByRole('button', { name: en.servers.add }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(screen.getByLabelText('Filter servers')).toHaveValue('file');
  });

  it('decodes the parts of an address, and takes what is not encoded properly as it is', () => {
    const part = partsOf({ name: 'a%20b', other: '100%' });
    expect([part('name'), part('other'), part('none')]).toEqual(['a b', '100%', '']);
  });
});
