// Programs made by Go 1.22 and later take random numbers from ProcessPrng of
// bcryptprimitives.dll. Every supported Windows has it; Wine has it from version
// 9.0 on, and without it a program ends before it begins. This makes the file
// for older ones, over the function that Wine does have: SystemFunction036 of
// advapi32.dll, which is also called RtlGenRandom.

#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size)
{
    while (size > 0) {
        ULONG part = size > 0x10000000 ? 0x10000000 : (ULONG)size;
        if (!SystemFunction036(data, part))
            return FALSE;
        data += part;
        size -= part;
    }
    return TRUE;
}
