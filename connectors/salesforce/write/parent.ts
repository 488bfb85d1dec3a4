import type { Body } from './encode-write.ts';

// Rows of one parent lock it: side by side they wait for each other least.
const PARENTS = ['AccountId', 'CampaignId', 'WhatId', 'WhoId', 'ContactId'];

/** The record that writing a row locks with it. */
export function parentOf(body: Body): string {
  const held = PARENTS.map((name) => body[name]).find((id) => typeof id === 'string');
  return typeof held === 'string' ? held : '';
}
