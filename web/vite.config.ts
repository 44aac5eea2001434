import { transformAsync } from '@babel/core';
import linguiMacro from '@lingui/babel-plugin-lingui-macro';
import { lingui } from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * Replaces the macros of Lingui by Babel. Its own transform is an optional package of Node 22, which npm leaves out where
 * it runs on Node 20.
 */
const macros: Plugin = {
  name: 'certkeep:lingui-macros',
  enforce: 'pre',
  transform: {
    filter: { id: /\.tsx?$/, code: /@lingui\/(?:core|react)\/macro/ },
    async handler(code, id) {
      const result = await transformAsync(code, {
        filename: id,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        parserOpts: { plugins: ['typescript', 'jsx'] },
        plugins: [[linguiMacro, { descriptorFields: 'id-only' }]],
      });
      if (typeof result?.code !== 'string') throw new Error(`${id} could not be transformed.`);
      return { code: result.code, map: JSON.stringify(result.map) };
    },
  },
};

/** The server reads what is built here once, at start (`src/pages`). */
export default defineConfig({
  base: '/web/',
  plugins: [macros, lingui(), react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // The Content-Security-Policy of the pages allows neither inline scripts nor data: scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    reportCompressedSize: false,
  },
});
