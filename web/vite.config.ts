import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The page runs under `default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'`: nothing may be inlined,
// neither as data: fonts nor as a module-preload script.
export default defineConfig({
  plugins: [react()],
  build: {
    target: ['edge94', 'chrome94', 'firefox93', 'safari15'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
  },
  server: {
    proxy: { '/api': { target: 'http://127.0.0.1:8080', changeOrigin: false } },
  },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'] },
});
