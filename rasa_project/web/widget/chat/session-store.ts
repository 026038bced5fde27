/** Keeps the signed session token between visits, one for each server. */
export class SessionStore {
  readonly #key: string;
  #memory: string | null = null;

  constructor(server: string) {
    this.#key = `attune-session:${server}`;
  }

  read(): string | null {
    try {
      return localStorage.getItem(this.#key) ?? this.#memory;
    } catch {
      return this.#memory; // storage is blocked: the session lives as long as the page
    }
  }

  write(token: string): void {
    this.#memory = token;
    try {
      localStorage.setItem(this.#key, token);
    } catch {
      // see `read`
    }
  }

  clear(): void {
    this.#memory = null;
    try {
      localStorage.removeItem(this.#key);
    } catch {
      // see `read`
    }
  }
}
