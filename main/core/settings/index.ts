export { errorCode, privateFolder, removeLeftovers, writeFileAtomic } from './atomic-write.ts';
export { createIdentities } from './identities.ts';
export { defaultSettings, SETTINGS_VERSION, SettingsSchema } from './schema.ts';
export { createSecretStore } from './secret-store.ts';
export { createSettings, type LastGood, type OpenedSettings } from './settings.ts';
