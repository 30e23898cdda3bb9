import { app } from 'electron';

/**
 * Leaves out what Chromium and GTK load for pages that this app does not have: of an app that mostly is an icon, that would
 * be a fifth of its memory. To be called before the app is ready; on Linux only, where it was measured.
 */
export function stayLight(platform: NodeJS.Platform): void {
  if (platform !== 'linux') return;
  // Text and a few lines are drawn by the processor as fast. Without the switches a driver in software is loaded instead.
  app.disableHardwareAcceleration();
  app.commandLine.appendSwitch('disable-software-rasterizer');
  app.commandLine.appendSwitch('use-gl', 'disabled');
  // The pages come from our own protocol and may reach no network: its service has nothing to be kept apart from.
  const features = app.commandLine.getSwitchValue('enable-features');
  app.commandLine.appendSwitch(
    'enable-features',
    [features, 'NetworkServiceInProcess2'].filter(Boolean).join(','),
  );
  if (process.env.GDK_GL !== undefined) return;
  // GTK asks the graphics driver for its visuals as it starts, which loads a compiler of 20 MB. What the app starts later
  // must not inherit the word.
  process.env.GDK_GL = 'disable';
  void app.whenReady().then(() => {
    delete process.env.GDK_GL;
  });
}
