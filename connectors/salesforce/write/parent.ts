import type { Body } from './encode-write.ts';

// Rows of one parent lock it: side by side they wait for each other least.
const PARENTS = ['AccountId', 'CampaignId', 'WhatId', 'WhoId', 'ContactId'];

/** The record that writing a row locks with it: the one that the row names, else the one that it has. */
export function parentOf(body: Body, seen: Body = {}): string {
  const held = PARENTS.map((name) => body[name] ?? seen[name]).find((id) => typeof id === 'string');
  return typeof held === 'string' ? held : '';
}
