import { until } from '../interop/kit.ts';
import { Bus } from './bus.ts';
import type { BusValue, Variant } from './bus-codec.ts';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const ITEM = 'org.kde.StatusNotifierItem';
const MENU = 'com.canonical.dbusmenu';

export interface TrayLine {
  readonly id: number;
  readonly label: string;
  readonly enabled: boolean;
  readonly separator: boolean;
}
/** A desktop's tray, as a program sees it: it watches for icons, and reads and clicks their menus. */
export interface TrayStandIn {
  /** The tooltip of the icon that registered last. */
  tip(): Promise<string>;
  /** The pixels of its icon, as one text to compare. */
  icon(): Promise<string>;
  menu(): Promise<TrayLine[]>;
  /** Chooses the line with this label. */
  choose(label: string | RegExp): Promise<void>;
  /** A click on the icon itself. */
  activate(): Promise<void>;
  /** Leaves the bus: the desktop has no tray any more. */
  stop(): void;
}

export async function startTray(busPath: string): Promise<TrayStandIn> {
  const bus = await Bus.connect(busPath);
  let owner: string | undefined;
  bus.onCall = (message) => {
    if (message.member === 'RegisterStatusNotifierItem') {
      owner = message.sender;
      return { signature: '', body: [] };
    }
    if (message.member === 'Get' && message.interface === 'org.freedesktop.DBus.Properties') {
      const [, name] = message.body;
      const values: Record<string, Variant> = {
        IsStatusNotifierHostRegistered: { signature: 'b', value: true },
        ProtocolVersion: { signature: 'i', value: 0 },
        RegisteredStatusNotifierItems: { signature: 'as', value: [] },
      };
      const value = values[String(name)];
      return value && { signature: 'v', body: [value] };
    }
    return undefined;
  };
  const [code] = await bus.daemon('RequestName', 'su', [WATCHER, 0]);
  if (code !== 1) throw new Error(`The bus did not give the name ${WATCHER} (${code})`);

  const item = (): Promise<string> => until('a tray icon', () => owner);
  const property = async (name: string): Promise<BusValue> => {
    const [value] = await bus.call({
      destination: await item(),
      path: '/StatusNotifierItem',
      interface: 'org.freedesktop.DBus.Properties',
      member: 'Get',
      signature: 'ss',
      body: [ITEM, name],
    });
    return (value as Variant).value;
  };
  const menuCall = async (member: string, signature: string, body: BusValue[]): Promise<BusValue[]> =>
    bus.call({
      destination: await item(),
      path: String(await property('Menu')),
      interface: MENU,
      member,
      signature,
      body,
    });
  const menu = async (): Promise<TrayLine[]> => {
    const [, layout] = await menuCall('GetLayout', 'iias', [0, -1, []]);
    const [, , children] = layout as [number, BusValue, Variant[]];
    return children.map(({ value }) => {
      const [id, pairs] = value as [number, [string, Variant][], BusValue];
      const properties = new Map(pairs.map(([name, variant]) => [name, variant.value]));
      return {
        id,
        // An underscore marks a key in a menu over the bus, and is doubled to be one.
        label: String(properties.get('label') ?? '').replace(/_(_?)/g, '$1'),
        enabled: properties.get('enabled') !== false,
        separator: properties.get('type') === 'separator',
      };
    });
  };
  return {
    tip: async () => {
      const [, , title, text] = (await property('ToolTip')) as string[];
      return [title, text].filter(Boolean).join('\n');
    },
    icon: async () => {
      const [first] = (await property('IconPixmap')) as [number, number, Buffer][];
      return first ? first[2].toString('base64') : '';
    },
    menu,
    async choose(label) {
      const lines = await menu();
      const line = lines.find((one) =>
        typeof label === 'string' ? one.label === label : label.test(one.label),
      );
      if (!line) throw new Error(`No line ${label} in: ${lines.map((one) => one.label).join(' | ')}`);
      await menuCall('Event', 'isvu', [line.id, 'clicked', { signature: 'i', value: 0 }, 0]).catch(
        (error: Error) => {
          // The line that quits may take the program away before it has answered.
          if (!error.message.startsWith('org.freedesktop.DBus.Error.NoReply')) throw error;
        },
      );
    },
    async activate() {
      await bus.call({
        destination: await item(),
        path: '/StatusNotifierItem',
        interface: ITEM,
        member: 'Activate',
        signature: 'ii',
        body: [0, 0],
      });
    },
    stop: () => bus.close(),
  };
}
