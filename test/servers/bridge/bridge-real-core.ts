import { randomBytes } from 'node:crypto';
import * as fsPromises from 'node:fs/promises';
import { createIdentities, createSecretStore, createSettings } from '../../../main/core/settings/index.ts';
import { createServerRegistry } from '../../../main/core/settings/registry.ts';
import { isAlive, readCoreFile } from '../../../main/host/data-folder/core-file.ts';
import type { ServerConfig } from '../../../shared/schemas/server.ts';
import { QuickClock } from '../../core/clients/kit.ts';
import { until } from '../../core/upstream/helpers.ts';
import { type Bridge, Scene } from './bridge-harness.ts';

/** A data folder for a real core, which the bridge starts by itself; {@link RealCore.clear} ends what runs for it. */
export class RealCore {
  readonly scene: Scene;
  readonly token: string;
  readonly #pids = new Set<number>();
  private constructor(scene: Scene, token: string) {
    this.scene = scene;
    this.token = token;
  }

  /** @param server describes the server `files`, given the data folder */
  static async make(server: (dataDir: string) => ServerConfig): Promise<RealCore> {
    const scene = await Scene.make();
    const clock = new QuickClock();
    const shared = { files: fsPromises, dir: scene.dataDir };
    const settings = await createSettings({ ...shared, clock, log: () => undefined });
    const secrets = await createSecretStore({ ...shared, randomBytes });
    const identities = await createIdentities({ secrets, randomBytes, clientName: (id) => id });
    await createServerRegistry(settings, secrets).put('files', server(scene.dataDir));
    return new RealCore(scene, await identities.tokenFor('tester'));
  }

  /** The program itself, as a client starts it. */
  bridge(): Bridge {
    const env = { DRAWBRIDGE_TOKEN: this.token, HOME: this.scene.dataDir, SHELL: '/bin/sh' };
    return this.scene.bridge(env, 'main/host/bridge.ts');
  }

  /** Process id of the core that runs now. */
  get pid(): number {
    const pid = readCoreFile(this.scene.dataDir)?.pid;
    if (pid === undefined) throw new Error('No core runs.');
    this.#pids.add(pid);
    return pid;
  }

  get runs(): boolean {
    return readCoreFile(this.scene.dataDir) !== undefined;
  }

  async clear(): Promise<void> {
    if (this.runs) this.#pids.add(this.pid);
    for (const pid of this.#pids) if (isAlive(pid)) process.kill(pid, 'SIGTERM');
    await until('the cores to end', () => [...this.#pids].every((pid) => !isAlive(pid)));
    await this.scene.clear();
  }
}
