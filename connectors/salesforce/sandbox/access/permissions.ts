import type { Store } from '../store/store.ts';

type Grants = { readonly read: ReadonlySet<string>; readonly edit: ReadonlySet<string> };

/** Which fields the API user sees and edits: what the profile leaves, and what permission sets that the user has give. Paths are `Object.Field`. */
export class Permissions {
  readonly #store: Store;
  readonly #userId: string;
  readonly #hidden = new Set<string>();
  readonly #readOnly = new Set<string>();
  #grants: Grants = { read: new Set(), edit: new Set() };
  #edition = '';
  #told = '0 0';

  constructor(store: Store, userId: string) {
    this.#store = store;
    this.#userId = userId;
  }

  setVisible(path: string, visible: boolean): void {
    if (visible) this.#hidden.delete(path.toLowerCase());
    else this.#hidden.add(path.toLowerCase());
  }

  setEditable(path: string, editable: boolean): void {
    if (editable) this.#readOnly.delete(path.toLowerCase());
    else this.#readOnly.add(path.toLowerCase());
  }

  maySee(path: string): boolean {
    const key = path.toLowerCase();
    return !this.#hidden.has(key) || this.#granted().read.has(key);
  }

  mayEdit(path: string): boolean {
    const key = path.toLowerCase();
    return (!this.#readOnly.has(key) && !this.#hidden.has(key)) || this.#granted().edit.has(key);
  }

  /** Whether permission sets were changed since this was last asked. */
  hasChanged(): boolean {
    this.#granted();
    const changed = this.#told !== this.#edition;
    this.#told = this.#edition;
    return changed;
  }

  #granted(): Grants {
    const [assignments, permissions] = [this.#store.table('PermissionSetAssignment'), this.#store.table('FieldPermissions')];
    const edition = `${assignments.edition} ${permissions.edition}`;
    if (edition === this.#edition) return this.#grants;
    const mine = [...assignments.values()].filter(({ AssigneeId }) => AssigneeId === this.#userId);
    const sets = new Set(mine.map(({ PermissionSetId }) => PermissionSetId));
    const rows = [...permissions.values()].filter(({ ParentId }) => sets.has(ParentId ?? null));
    const paths = (right: 'PermissionsRead' | 'PermissionsEdit') =>
      new Set(rows.filter((row) => row[right] === true).map(({ Field }) => String(Field).toLowerCase()));
    this.#grants = { read: paths('PermissionsRead'), edit: paths('PermissionsEdit') };
    this.#edition = edition;
    return this.#grants;
  }
}
