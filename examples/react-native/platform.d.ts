/** What the example uses of packages that an app has. This file is of no use in one. */
declare module 'react-native-get-random-values';

declare module 'expo-secure-store' {
  export function getItemAsync(name: string): Promise<string | null>;
  export function setItemAsync(name: string, text: string): Promise<void>;
  export function deleteItemAsync(name: string): Promise<void>;
}

declare module 'react-native' {
  export const Platform: { readonly OS: 'android' | 'ios' | 'web' };
  export const AppState: {
    addEventListener(event: 'change', listener: (state: string) => void): { remove(): void };
  };
}

// oxlint-disable-next-line eslint/no-underscore-dangle -- its name in React Native
declare const __DEV__: boolean;
