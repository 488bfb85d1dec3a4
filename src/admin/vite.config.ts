import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Left to itself the bundler makes a file of each thing that pages share: more than fifty for the first page, of which a browser fetches six at a time.
const FIRST = { name: 'page', tags: ['$initial' as const], priority: 2 };
const SHARED = { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 1, priority: 1 };
// What pages share would be named after all of them.
const named = ({ name }: { readonly name: string }) => `assets/${name.split('~')[0]}-[hash].js`;

/** The settings page: built into `dist`, from where the hub serves it; `vite src/admin` develops against a hub on port 8080. */
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    reportCompressedSize: true,
    rolldownOptions: { output: { chunkFileNames: named, codeSplitting: { groups: [FIRST, SHARED] } } },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
