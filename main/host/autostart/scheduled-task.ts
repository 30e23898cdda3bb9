import { rm, writeFile } from 'node:fs/promises';
import { win32 } from 'node:path';
import { messageOf } from '../../../shared/base/message-of.ts';
import { RpcError } from '../../../shared/rpc/frames.ts';
import { startAtLogin as t } from '../../../shared/text/core/start-at-login.ts';
import { launchersOf } from '../launcher/install.ts';
import { MARK, type Method, type Place, type RunProgram } from './method.ts';
import { nameOf } from './names.ts';
import { xmlText } from './xml-text.ts';

/** The gateway without windows on Windows: a task of the Task Scheduler that starts when this person signs in. */
export function scheduledTask(place: Place, run: RunProgram): Method {
  const name = `Drawbridge\\${nameOf(place)}`;
  const text = taskText(place);
  const query = async (): Promise<string | undefined> => {
    try {
      return await run('schtasks', ['/query', '/tn', name, '/xml']);
    } catch {
      // There is no such task, which schtasks tells with the same code as every failure.
      return undefined;
    }
  };
  return {
    kind: 'headless',
    place: name,
    async state() {
      const found = await query();
      if (found === undefined) return 'off';
      if (!found.includes(MARK)) return 'foreign';
      // The Task Scheduler writes the document in its own way: what counts is what it starts.
      return actionOf(found) === actionOf(text) ? 'on' : 'outdated';
    },
    async enable() {
      const file = win32.join(place.dataDir, 'bin', `${nameOf(place)}.task.xml`);
      // schtasks reads UTF-16 with a byte order mark.
      await writeFile(file, Buffer.from(`\uFEFF${text}`, 'utf16le'), { mode: 0o600 });
      try {
        await run('schtasks', ['/create', '/tn', name, '/xml', file, '/f']);
      } catch (error) {
        throw new RpcError('refused', t.taskFailed(messageOf(error)), t.taskFix);
      } finally {
        await rm(file, { force: true });
      }
      return [t.atNextLogin];
    },
    async disable() {
      try {
        await run('schtasks', ['/delete', '/tn', name, '/f']);
      } catch (error) {
        throw new RpcError('refused', t.taskFailed(messageOf(error)), t.taskFix);
      }
    },
  };
}

function actionOf(xml: string): string {
  return (/<Exec>[\s\S]*<\/Exec>/.exec(xml)?.[0] ?? '').replace(/>\s+</g, '><').replaceAll('&quot;', '"');
}

/**
 * The document of the task, its elements in the order of the Task Scheduler schema 1.2. `conhost --headless` keeps a console
 * window from standing on the screen; a start that fails is tried again every minute.
 */
export function taskText({ dataDir, platform, env }: Pick<Place, 'dataDir' | 'platform' | 'env'>): string {
  const launcher = launchersOf(dataDir, platform).commandLine;
  const user = env.USERDOMAIN && env.USERNAME ? `${env.USERDOMAIN}\\${env.USERNAME}` : env.USERNAME;
  const userId = user ? [`<UserId>${xmlText(user)}</UserId>`] : [];
  const line = `--headless cmd.exe /d /s /c ""${launcher}" serve --no-open --data "${dataDir}""`;
  return [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    '  <RegistrationInfo>',
    `    <Description>${MARK}. Removed by: drawbridge autostart off</Description>`,
    '  </RegistrationInfo>',
    '  <Triggers>',
    '    <LogonTrigger>',
    '      <Enabled>true</Enabled>',
    ...userId.map((id) => `      ${id}`),
    '    </LogonTrigger>',
    '  </Triggers>',
    '  <Principals>',
    '    <Principal id="Author">',
    ...userId.map((id) => `      ${id}`),
    '      <LogonType>InteractiveToken</LogonType>',
    '      <RunLevel>LeastPrivilege</RunLevel>',
    '    </Principal>',
    '  </Principals>',
    '  <Settings>',
    '    <AllowStartOnDemand>true</AllowStartOnDemand>',
    '    <RestartOnFailure>',
    '      <Interval>PT1M</Interval>',
    '      <Count>999</Count>',
    '    </RestartOnFailure>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <StartWhenAvailable>true</StartWhenAvailable>',
    '    <Enabled>true</Enabled>',
    '    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>',
    '  </Settings>',
    '  <Actions Context="Author">',
    '    <Exec>',
    '      <Command>%SystemRoot%\\System32\\conhost.exe</Command>',
    `      <Arguments>${xmlText(line)}</Arguments>`,
    '    </Exec>',
    '  </Actions>',
    '</Task>',
    '',
  ].join('\r\n');
}
