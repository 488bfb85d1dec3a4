import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The settings page: built into `dist`, from where the hub serves it; `vite src/admin` develops against a hub on port 8080. */
export default defineConfig({
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', reportCompressedSize: true },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
