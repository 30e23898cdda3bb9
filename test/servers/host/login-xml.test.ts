// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { launchAgentText } from '../../../main/host/autostart/launch-agent.ts';
import { taskText } from '../../../main/host/autostart/scheduled-task.ts';

/** A folder with what XML treats in its own way. */
const ODD = `da ta's "best" & <x> ü`;

/** Read by an XML parser, which gives a document with `parsererror` for what is not well formed. */
function parsed(text: string): Document {
  const document = new DOMParser().parseFromString(text, 'text/xml');
  expect(document.querySelector('parsererror')).toBeNull();
  return document;
}

test('the agent of launchd is a property list that says what it starts', () => {
  const dataDir = `/Users/ada/${ODD}`;
  const document = parsed(launchAgentText({ dataDir, platform: 'darwin' }, 'app.drawbridge'));
  const dict = document.querySelector('plist > dict');
  const keys = [...(dict?.children ?? [])]
    .filter(({ tagName }) => tagName === 'key')
    .map((key) => key.textContent);
  expect(keys).toEqual(['Label', 'ProgramArguments', 'RunAtLoad', 'KeepAlive', 'ProcessType']);
  const words = [...document.querySelectorAll('array > string')].map((word) => word.textContent);
  expect(words).toEqual(['/bin/sh', `${dataDir}/bin/drawbridge`, 'serve', '--no-open', '--data', dataDir]);
});

test('the scheduled task has the elements of its schema, in order', () => {
  const dataDir = 'C:\\Users\\Ada & Co\\Drawbridge';
  const env = { USERDOMAIN: 'PC', USERNAME: 'Ada & Co' };
  const document = parsed(taskText({ dataDir, platform: 'win32', env }));
  const children = (path: string): string[] =>
    [...(document.querySelector(path)?.children ?? [])].map(({ tagName }) => tagName);
  expect(children('Task')).toEqual(['RegistrationInfo', 'Triggers', 'Principals', 'Settings', 'Actions']);
  expect(children('LogonTrigger')).toEqual(['Enabled', 'UserId']);
  expect(children('Principal')).toEqual(['UserId', 'LogonType', 'RunLevel']);
  expect(children('RestartOnFailure')).toEqual(['Interval', 'Count']);
  expect(children('Exec')).toEqual(['Command', 'Arguments']);
  expect(document.querySelector('Arguments')?.textContent).toContain(`serve --no-open --data "${dataDir}""`);
});
