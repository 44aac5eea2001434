import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';

import { Select } from '../components/field.js';
import { chooseLanguage, type Language, LANGUAGES } from '../i18n/languages.js';
import { chooseTheme, currentTheme, type Theme } from '../theme/theme.js';

import styles from './shell.module.css';

export function Preferences() {
  const { i18n, t } = useLingui();
  const [theme, setTheme] = useState(currentTheme);
  const [hasFailed, setFailed] = useState(false);
  const choose = async (language: Language) => {
    try {
      await chooseLanguage(language);
      setFailed(false);
    } catch {
      setFailed(true);
    }
  };
  return (
    <div className={styles['preferences']}>
      {hasFailed && (
        <p role="alert">
          <Trans>The texts could not be loaded.</Trans>
        </p>
      )}
      <Select
        label={t`Language`}
        hideLabel
        value={i18n.locale}
        onChange={(event) => void choose(event.target.value as Language)}
      >
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </Select>
      <Select
        label={t`Theme`}
        hideLabel
        value={theme}
        onChange={(event) => {
          const chosen = event.target.value as Theme;
          chooseTheme(chosen);
          setTheme(chosen);
        }}
      >
        <option value="system">
          <Trans>System</Trans>
        </option>
        <option value="light">
          <Trans>Light</Trans>
        </option>
        <option value="dark">
          <Trans>Dark</Trans>
        </option>
      </Select>
    </div>
  );
}
