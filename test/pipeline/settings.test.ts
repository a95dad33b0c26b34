import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../models/failures.ts';
import { readSettings, settingsToEnvironment } from '../../pipeline/settings.ts';

function refusal(env: Record<string, string>): Failure {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('the settings were accepted');
}

describe('settings', () => {
  test('need no variable at all', () => {
    const settings = readSettings({});
    expect(settings.host).toBe('127.0.0.1');
    expect(settings.port).toBe(8080);
    expect(settings.dataDir).toBe(path.resolve('data'));
    expect(settings.databaseUrl).toBeUndefined();
    expect(settings.workers).toBeGreaterThanOrEqual(1);
    expect(settings.workers).toBeLessThanOrEqual(4);
  });

  test('take an empty variable for an unset one', () => {
    expect(readSettings({ PORT: '', DATABASE_URL: ' ' })).toEqual(readSettings({}));
  });

  test('refuse what does not fit and name every variable', () => {
    const { kind, detail } = refusal({ PORT: '80808', DATABASE_URL: 'mysql://db/x' });
    expect(kind).toBe('badConfiguration');
    expect(detail).toContain('PORT');
    expect(detail).toContain('DATABASE_URL');
  });

  test('refuse an owner of no database', () => {
    expect(refusal({ DATABASE_OWNER_URL: 'postgres://owner@db/x' }).detail).toContain(
      'DATABASE_OWNER_URL: goes with DATABASE_URL',
    );
  });

  test.each(['0.0.0.0', '192.168.1.5', '::'])(
    'refuse to listen on %s unless a proxy or the risk is named',
    (HOST) => {
      expect(refusal({ HOST }).detail).toContain('TRUST_PROXY');
      expect(readSettings({ HOST, TRUST_PROXY: '1' }).trustProxy).toBe(true);
      expect(readSettings({ HOST, ALLOW_INSECURE: 'true' }).allowInsecure).toBe(true);
    },
  );

  test('reach a child process unchanged', () => {
    const settings = readSettings({
      DATA_DIR: '/srv/so-goc',
      HOST: '0.0.0.0',
      TRUST_PROXY: '1',
      DATABASE_URL: 'postgres://app@db/so_goc',
      DATABASE_OWNER_URL: 'postgres://owner@db/so_goc',
      QUEUE_URL: 'redis://queue:6379/2',
      LOG_HEADS_DIR: '/mnt/heads',
      LOG_HEADS_MINUTES: '5',
      PDF_SECONDS: '5',
    });
    expect(readSettings(settingsToEnvironment(settings))).toEqual(settings);
  });
});
